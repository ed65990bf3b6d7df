//! The versioned file format of a model (`docs/model-format.md`): magic, format version, SHA-256 and size of the content,
//! then the content: postcard, compressed with zstd. The content is the model, and behind it its refinements.

use std::io::Read;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::validate::Invalid;
use crate::{Loaded, Model, Refinements};

/// First bytes of every model file.
pub const MAGIC: &[u8; 8] = b"\x89AUTOML\n";

/// Version of the content that this program writes. It reads 1 to 3 as well: nothing follows the model in 1, 2 has no
/// widened forests and no topics, and 3 no smooth networks.
const VERSION: u32 = 4;
/// Files without refinements.
const WITHOUT_REFINEMENTS: u32 = 1;

/// Magic, version, SHA-256 of the compressed content, size of the content before compression.
const HEADER: usize = 8 + 4 + 32 + 8;

/// Largest content that is unpacked, in bytes.
const LARGEST_CONTENT: u64 = 1 << 30;

/// Effort of the compression; higher levels gain little on trees.
const ZSTD_LEVEL: i32 = 3;

/// Why a model file could not be read or written.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Some other kind of file.
    #[error("this is not a model file")]
    NotAModel,
    /// Written by a newer program.
    #[error(
        "the model file has format {found}, but this program reads formats up to {VERSION}: update the program"
    )]
    Newer {
        /// Version of the file.
        found: u32,
    },
    /// Cut off, changed, or made with intent.
    #[error("the model file is damaged ({0}): fetch or train it again")]
    Damaged(&'static str),
    /// More content than is unpacked.
    #[error("the model has {0} bytes, but a model file holds at most {LARGEST_CONTENT}")]
    TooLarge(u64),
    /// Whole, but breaks the invariants of a model.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

/// The bytes of a model file.
///
/// # Errors
/// `Invalid` for a model that breaks its invariants; `TooLarge`; `Damaged` when the content cannot be packed.
pub fn write(model: &Model) -> Result<Vec<u8>, StoreError> {
    model.validate()?;
    let content = pack(model).map_err(|_| StoreError::Damaged("the content cannot be written"))?;
    if content.len() as u64 > LARGEST_CONTENT {
        return Err(StoreError::TooLarge(content.len() as u64));
    }
    let packed = zstd::encode_all(content.as_slice(), ZSTD_LEVEL)
        .map_err(|_| StoreError::Damaged("the content cannot be compressed"))?;
    let mut file = Vec::with_capacity(HEADER + packed.len());
    file.extend_from_slice(MAGIC);
    file.extend_from_slice(&VERSION.to_le_bytes());
    file.extend_from_slice(&Sha256::digest(&packed));
    file.extend_from_slice(&(content.len() as u64).to_le_bytes());
    file.extend_from_slice(&packed);
    Ok(file)
}

/// The content of a file: the model, then its refinements.
fn pack(model: &Model) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_extend(&model.refinements, postcard::to_stdvec(model)?)
}

/// The model in a file; it is whole and valid.
///
/// # Errors
/// See [`StoreError`].
pub fn read(file: &[u8]) -> Result<Model, StoreError> {
    let rest = file.strip_prefix(MAGIC).ok_or(StoreError::NotAModel)?;
    let (version, rest) = rest
        .split_first_chunk()
        .ok_or(StoreError::Damaged("it is cut off"))?;
    let version = u32::from_le_bytes(*version);
    match version {
        WITHOUT_REFINEMENTS..=VERSION => {}
        0 => return Err(StoreError::Damaged("it has format 0")),
        found => return Err(StoreError::Newer { found }),
    }
    let (digest, rest) = rest
        .split_first_chunk::<32>()
        .ok_or(StoreError::Damaged("it is cut off"))?;
    let (size, packed) = rest
        .split_first_chunk()
        .ok_or(StoreError::Damaged("it is cut off"))?;
    if Sha256::digest(packed)[..] != digest[..] {
        return Err(StoreError::Damaged("its checksum does not fit"));
    }
    let content = unpack(packed, u64::from_le_bytes(*size))?;
    let decoded = postcard::take_from_bytes::<Model>(&content);
    let (mut model, mut rest) = decoded.map_err(|_| StoreError::Damaged("its content is no model"))?;
    if version > WITHOUT_REFINEMENTS {
        let decoded = postcard::take_from_bytes::<Refinements>(rest);
        (model.refinements, rest) = decoded.map_err(|_| StoreError::Damaged("its content is no model"))?;
    }
    if !rest.is_empty() {
        return Err(StoreError::Damaged("something follows its content"));
    }
    model.validate()?;
    Ok(model)
}

/// The model in a file, ready to answer.
///
/// # Errors
/// See [`StoreError`].
pub fn load(file: &[u8]) -> Result<Loaded, StoreError> {
    Ok(Loaded::new(read(file)?))
}

/// Unpacks exactly `size` bytes; memory grows with what is really there, not with what the header claims.
fn unpack(packed: &[u8], size: u64) -> Result<Vec<u8>, StoreError> {
    if size > LARGEST_CONTENT {
        return Err(StoreError::TooLarge(size));
    }
    let damaged = |_| StoreError::Damaged("its content cannot be unpacked");
    let decoder = zstd::Decoder::with_buffer(packed).map_err(damaged)?;
    let mut content = Vec::new();
    decoder
        .take(size + 1)
        .read_to_end(&mut content)
        .map_err(damaged)?;
    if content.len() as u64 != size {
        return Err(StoreError::Damaged("its content has the wrong size"));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_model_comes_back_as_it_was() {
        for seed in 0..20 {
            let model = sample::model(seed);
            let file = write(&model).expect("writes");
            assert_eq!(read(&file).expect("reads"), model);
        }
    }

    #[test]
    fn other_newer_and_damaged_files_are_refused() {
        let file = write(&sample::model(1)).expect("writes");
        assert!(matches!(read(b"PK\x03\x04"), Err(StoreError::NotAModel)));
        assert!(matches!(read(b""), Err(StoreError::NotAModel)));
        let mut newer = file.clone();
        newer[8] = VERSION as u8 + 1;
        assert!(matches!(read(&newer), Err(StoreError::Newer { .. })));
        for length in 8..file.len() {
            assert!(read(&file[..length]).is_err(), "cut at {length}");
        }
        for position in 0..file.len() {
            let mut changed = file.clone();
            changed[position] ^= 0x40;
            assert!(read(&changed).is_err(), "changed at {position}");
        }
    }

    #[test]
    fn a_file_of_the_first_format_is_a_model_without_refinements() {
        let mut model = sample::model(2);
        model.refinements = Refinements::default();
        let content = postcard::to_stdvec(&model).expect("packs");
        let mut file = forge(&content, content.len() as u64);
        assert!(read(&file).is_err(), "the second format says so");
        file[8] = 1;
        assert_eq!(read(&file).expect("reads"), model);
    }

    /// A file whose checksum fits whatever its content: what an attacker sends.
    fn forge(content: &[u8], size: u64) -> Vec<u8> {
        let packed = zstd::encode_all(content, 1).expect("packs");
        let digest = Sha256::digest(&packed);
        [
            MAGIC.as_slice(),
            &VERSION.to_le_bytes(),
            &digest[..],
            &size.to_le_bytes(),
            &packed,
        ]
        .concat()
    }

    #[test]
    fn forged_content_never_panics() {
        let content = pack(&sample::model(3)).expect("packs");
        let size = content.len() as u64;
        assert!(matches!(
            read(&forge(&content, u64::MAX)),
            Err(StoreError::TooLarge(_))
        ));
        assert!(read(&forge(&content, size - 1)).is_err());
        assert!(read(&forge(&vec![0xff; 4096], 4096)).is_err());
        let mut scratch = crate::Scratch::default();
        for position in 0..content.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut changed = content.clone();
                changed[position] ^= change;
                let Ok(model) = read(&forge(&changed, size)) else {
                    continue;
                };
                // What passes is still safe to ask and to export.
                let values: Vec<_> = model
                    .inputs
                    .iter()
                    .map(|_| crate::value::Value::Missing)
                    .collect();
                let mut out = vec![0.0; model.outputs()];
                let loaded = Loaded::new(model);
                loaded
                    .predict_row(&values, &mut scratch, &mut out)
                    .expect("predicts");
                let _ = loaded.explain_row(&values, &mut scratch);
            }
        }
    }
}
