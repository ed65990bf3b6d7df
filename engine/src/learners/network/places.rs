//! Where a network is trained, and what is done when a GPU cannot: its batch is halved a few times, then the processor does
//! it. Every try starts from the beginning with the same seed.

use crate::device::{self, Device, GpuFault};
use crate::error::Error;

/// Times that a batch is halved before the GPU is given up.
const HALVINGS: usize = 3;
/// A smaller batch trains another network.
const SMALLEST_BATCH: usize = 16;

/// Where one try computes.
#[derive(Clone, Debug)]
pub enum Place {
    /// On the processor.
    Cpu,
    /// On a GPU.
    Gpu(candle_core::Device),
}

impl Place {
    /// What an error means that came while computing here.
    pub fn fault(&self, error: &candle_core::Error) -> Fault {
        match self {
            Self::Cpu => Fault::Error(Error::Internal(format!(
                "the network could not be computed: {error}"
            ))),
            Self::Gpu(_) => match device::gpu_fault(error) {
                GpuFault::Memory(words) => Fault::Memory(words),
                GpuFault::Other(words) => Fault::Error(Error::Gpu(words)),
            },
        }
    }
}

/// Why a try gave no network.
#[derive(Debug)]
pub enum Fault {
    /// The GPU's memory does not hold it.
    Memory(String),
    /// Another try would end the same way.
    Error(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Has `attempt` train with a batch of that size where the device says.
///
/// # Errors
/// As `attempt`; never for memory of the GPU.
pub fn train_on<T>(
    device: Device<'_>,
    batch: usize,
    attempt: &mut dyn FnMut(&Place, usize) -> Result<T, Fault>,
) -> Result<T, Error> {
    let Device::Gpu(tell) = device else {
        return on_the_processor(batch, attempt);
    };
    match device::open_gpu() {
        Ok(gpu) => on_the_gpu(&Place::Gpu(gpu), batch, tell, attempt),
        Err(error) => {
            tell(format!(
                "Computed on the processor: no GPU could be used ({}).",
                device::words(&error)
            ));
            on_the_processor(batch, attempt)
        }
    }
}

/// The policy: it looks at sizes and faults only, whatever the place is.
fn on_the_gpu<T>(
    gpu: &Place,
    batch: usize,
    tell: &dyn Fn(String),
    attempt: &mut dyn FnMut(&Place, usize) -> Result<T, Fault>,
) -> Result<T, Error> {
    let mut size = batch;
    for _ in 0..=HALVINGS {
        match attempt(gpu, size) {
            Ok(trained) => {
                if size < batch {
                    tell(format!(
                        "The GPU's memory did not hold a batch of {batch} rows: trained with {size}."
                    ));
                }
                return Ok(trained);
            }
            Err(Fault::Error(error)) => return Err(error),
            Err(Fault::Memory(_)) if size / 2 >= SMALLEST_BATCH => size /= 2,
            Err(Fault::Memory(_)) => break,
        }
    }
    tell(
        "Computed on the processor: the GPU's memory did not hold it with smaller batches either.".to_owned(),
    );
    on_the_processor(batch, attempt)
}

fn on_the_processor<T>(
    batch: usize,
    attempt: &mut dyn FnMut(&Place, usize) -> Result<T, Fault>,
) -> Result<T, Error> {
    attempt(&Place::Cpu, batch).map_err(|fault| match fault {
        Fault::Error(error) => error,
        Fault::Memory(words) => Error::Internal(words),
    })
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    /// How it ended, what was tried (on a GPU or not, with which batch), and what was told.
    type Run = (Result<usize, Error>, Vec<(bool, usize)>, Vec<String>);

    /// Against a GPU that holds batches up to a size.
    fn run(batch: usize, holds: usize) -> Run {
        // The policy never asks what kind of device it is: the processor's stands for a GPU's here.
        let gpu = Place::Gpu(candle_core::Device::Cpu);
        let told = RefCell::new(Vec::new());
        let mut tried = Vec::new();
        let mut attempt = |place: &Place, size: usize| {
            let is_gpu = matches!(place, Place::Gpu(_));
            tried.push((is_gpu, size));
            if is_gpu && size > holds {
                return Err(place.fault(&candle_core::Error::Cuda("CUDA_ERROR_OUT_OF_MEMORY".into())));
            }
            Ok(size)
        };
        let ended = on_the_gpu(&gpu, batch, &|words| told.borrow_mut().push(words), &mut attempt);
        (ended, tried, told.into_inner())
    }

    #[test]
    fn what_fits_is_not_spoken_of() {
        let (ended, tried, told) = run(256, 1_000);
        assert_eq!((ended.unwrap(), tried), (256, vec![(true, 256)]));
        assert!(told.is_empty(), "{told:?}");
    }

    #[test]
    fn a_batch_is_halved_until_it_fits() {
        let (ended, tried, told) = run(256, 100);
        assert_eq!(ended.unwrap(), 64);
        assert_eq!(tried, [(true, 256), (true, 128), (true, 64)]);
        assert!(told.len() == 1 && told[0].contains("trained with 64"), "{told:?}");
    }

    #[test]
    fn the_processor_does_what_never_fits_with_the_whole_batch() {
        for (batch, halved) in [(512, vec![512, 256, 128, 64]), (40, vec![40, 20]), (8, vec![8])] {
            let (ended, tried, told) = run(batch, 0);
            assert_eq!(ended.unwrap(), batch);
            let mut expected: Vec<_> = halved.into_iter().map(|size| (true, size)).collect();
            expected.push((false, batch));
            assert_eq!(tried, expected);
            assert!(
                told.len() == 1 && told[0].starts_with("Computed on the processor"),
                "{told:?}"
            );
        }
    }

    #[test]
    fn another_fault_of_the_gpu_is_not_tried_again_here() {
        let gpu = Place::Gpu(candle_core::Device::Cpu);
        let mut tries = 0;
        let mut attempt = |place: &Place, _| -> Result<(), Fault> {
            tries += 1;
            Err(place.fault(&candle_core::Error::Cuda("CUDA_ERROR_LAUNCH_FAILED".into())))
        };
        let ended = on_the_gpu(&gpu, 64, &|_| {}, &mut attempt);
        assert!(matches!(ended, Err(Error::Gpu(_))), "{ended:?}");
        assert_eq!(tries, 1);
    }

    #[test]
    fn a_processor_that_was_asked_for_is_no_fallback() {
        let size = train_on(Device::Cpu, 32, &mut |place, size| {
            assert!(matches!(place, Place::Cpu));
            Ok(size)
        });
        assert_eq!(size.unwrap(), 32);
    }
}
