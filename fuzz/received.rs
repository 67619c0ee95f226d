//! What must hold of anything that is received: manifests, Parquet files and checkpoints, whatever is in them. The fuzz
//! targets and `tests/it/received.rs` share it.

use handover::economy::Economy;
use handover::experiment::checkpoint::{Refused, resume};
use handover::experiment::sensitivity::view::View;
use handover::ground::backstop::backstop;
use handover::output::disk::verify;
use handover::output::run::read;
use handover::output::sweep::table;
use handover::scenario::Scenario;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// Ticks that a resumed economy is asked to simulate.
const TICKS: usize = 3;

/// Any bytes are a manifest or are refused with words; are they one?
pub fn any_manifest_is_read_or_refused(bytes: &[u8], folder: &Path) -> bool {
    fs::write(folder.join("manifest.json"), bytes).expect("a folder to write in");
    match verify::read(folder) {
        Ok(recorded) => verify::damage(folder, &recorded).iter().all(|words| !words.is_empty()),
        Err(unread) => {
            assert!(!unread.to_string().is_empty());
            false
        }
    }
}

/// Any bytes are a table or are refused with words, whichever table is looked for; is it one?
pub fn any_table_is_read_or_refused(bytes: &[u8], folder: &Path, regions: &[String]) -> bool {
    let path = folder.join("table.parquet");
    fs::write(&path, bytes).expect("a folder to write in");
    let tables = [
        read::series(&path, regions).map(drop).map_err(|unread| unread.to_string()),
        read::flows(&path, regions).map(drop).map_err(|unread| unread.to_string()),
        read::bands(&path, regions, "all").map(drop).map_err(|unread| unread.to_string()),
        table::read(&path).map_err(|unread| unread.to_string()).and_then(|(table, _)| View::of(&table).map(drop)),
    ];
    assert!(tables.iter().all(|found| found.as_ref().err().is_none_or(|words| !words.is_empty())));
    tables.iter().any(Result::is_ok)
}

/// Any bytes are a checkpoint of the scenario, which goes on, or are refused with words: at once, or where a number
/// that is in its bounds and false breaks a later tick. `run --resume` and `fork` end the same way, with exit code 2.
///
/// # Errors
/// What panicked while it was read: the checks are to be enough by themselves.
pub fn any_checkpoint_lives_on_or_is_refused(bytes: &[u8], scenario: &Scenario) -> Result<bool, String> {
    match resume(scenario, bytes) {
        Ok(economy) => match backstop(|| live(economy)) {
            Ok(()) => Ok(true),
            Err(words) => {
                assert!(!words.is_empty());
                Ok(false)
            }
        },
        Err(Refused::Unsound(words)) if words.contains("panicked") => Err(words),
        Err(refused) => {
            assert!(!refused.to_string().is_empty());
            Ok(false)
        }
    }
}

fn live(mut economy: Economy) {
    for _ in 0..TICKS {
        if economy.is_over() || economy.step().is_err() {
            return;
        }
    }
}

/// Bytes before the blocks of a checkpoint.
const FIRST_LINE: usize = 22;

/// The blocks of a checkpoint, whatever its checksums are.
pub fn blocks(checkpoint: &[u8]) -> Vec<Vec<u8>> {
    let (mut rest, mut found) = (checkpoint.get(FIRST_LINE..).unwrap_or_default(), Vec::new());
    while let Some((length, more)) = rest.split_first_chunk::<4>() {
        let length = (u32::from_le_bytes(*length) as usize).min(more.len());
        if length == 0 {
            break;
        }
        found.push(more[..length].to_vec());
        rest = more.get(length + 32..).unwrap_or_default();
    }
    found
}

/// A checkpoint of these blocks, with checksums that are right.
pub fn sealed(blocks: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"handover checkpoint 1\n".to_vec();
    let mut so_far = Sha256::new();
    for block in blocks.iter().map(Vec::as_slice).chain([&[][..]]) {
        let length = u32::try_from(block.len()).expect("a block is short").to_le_bytes();
        so_far.update(length);
        so_far.update(block);
        bytes.extend(length);
        bytes.extend(block);
        bytes.extend(so_far.clone().finalize());
    }
    bytes
}
