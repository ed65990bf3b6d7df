//! Where a fit may compute: on the processor, or on a GPU as well. The caller decides; the engine looks for nothing by itself.

use std::fmt;

/// Where a learner that can use a GPU computes. All others compute on the processor.
#[derive(Clone, Copy, Default)]
pub enum Device<'a> {
    /// On the processor.
    #[default]
    Cpu,
    /// On the first GPU that CUDA shows. Where that cannot be, or not with so large a batch, the fit does what is possible and
    /// tells it here, in words for people.
    Gpu(&'a (dyn Fn(String) + Sync)),
}

impl fmt::Debug for Device<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Cpu => "Cpu",
            Self::Gpu(_) => "Gpu",
        })
    }
}

/// Opens the GPU and computes a little on it.
///
/// # Errors
/// What CUDA says, or that this program was built without it.
pub fn probe() -> Result<(), String> {
    let probed = open_gpu().and_then(|gpu| {
        let ones = candle_core::Tensor::ones((8, 8), candle_core::DType::F32, &gpu)?;
        ones.matmul(&ones)?.flatten_all()?.to_vec1::<f32>()
    });
    match probed {
        Ok(products) if products.iter().all(|product| (product - 8.0).abs() < 1e-3) => Ok(()),
        Ok(products) => Err(format!(
            "the GPU computes wrongly: {:?} is not 8",
            products.first()
        )),
        Err(error) => Err(words(&error)),
    }
}

/// A handle on the first GPU. Every fit opens its own: what it allocates is freed with it, and no two threads share a stream.
pub(crate) fn open_gpu() -> candle_core::Result<candle_core::Device> {
    candle_core::Device::new_cuda(0)
}

/// What an error says, without the backtrace that a variable of the process may add to it.
pub(crate) fn words(error: &candle_core::Error) -> String {
    let text = error.to_string();
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect()
}

/// What the GPU said, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GpuFault {
    /// It has too little memory.
    Memory(String),
    /// Anything else: what it holds cannot be trusted any more.
    Other(String),
}

/// Reads an error that came while computing on a GPU. The types behind it exist in CUDA builds only; the words are the
/// driver's and the library's names of their codes.
pub(crate) fn gpu_fault(error: &candle_core::Error) -> GpuFault {
    let text = error.to_string();
    let words = words(error);
    let is_memory = ["CUDA_ERROR_OUT_OF_MEMORY", "CUBLAS_STATUS_ALLOC_FAILED"]
        .iter()
        .any(|code| text.contains(code));
    if is_memory {
        GpuFault::Memory(words)
    } else {
        GpuFault::Other(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_told_from_the_rest() {
        let said = |words: &'static str| gpu_fault(&candle_core::Error::Cuda(words.into()));
        for words in [
            r#"DriverError(CUDA_ERROR_OUT_OF_MEMORY, "out of memory")"#,
            "CublasError(CUBLAS_STATUS_ALLOC_FAILED)",
        ] {
            assert_eq!(said(words), GpuFault::Memory(words.to_owned()));
        }
        let lost = r#"DriverError(CUDA_ERROR_ILLEGAL_ADDRESS, "an illegal memory access was encountered")"#;
        assert_eq!(said(lost), GpuFault::Other(lost.to_owned()));
    }

    #[cfg(not(feature = "cuda"))]
    #[test]
    fn a_program_without_cuda_says_so() {
        let said = probe().expect_err("there is no CUDA here");
        assert!(said.contains("not been built with cuda"), "{said}");
    }
}
