//! Why a file of a result could not be made: distinguished, so that a full disk is not taken for a bug.

use arrow_schema::ArrowError;
use parquet::errors::ParquetError;
use std::error::Error;
use std::io;

/// A file of a result that can be made: its name, and how.
pub type Maker<'a> = (&'a str, &'a (dyn Fn() -> Result<Vec<u8>, Unmade> + Sync));

/// Why a file of a result could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Unmade {
    /// Two columns of a table have this name.
    #[error("two columns of a table are called {0:?}")]
    TwoColumns(String),
    /// The columns do not fit together.
    #[error(transparent)]
    Columns(#[from] ArrowError),
    /// What the writer of Parquet said.
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    /// What the writer of CSV said.
    #[error(transparent)]
    Csv(Box<dyn Error + Send + Sync>),
    /// What the writer of JSON said.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// What the writer of TOML said.
    #[error(transparent)]
    Toml(#[from] toml::ser::Error),
    /// A scenario among the files cannot be stated, in words.
    #[error("{0}")]
    Scenario(String),
    /// The bundled font cannot be read.
    #[error("cannot read the bundled font")]
    Font,
    /// A picture cannot be drawn, in words.
    #[error("cannot draw: {0}")]
    Picture(String),
    /// What the file system said.
    #[error(transparent)]
    Disk(#[from] io::Error),
}

impl Unmade {
    /// What the file system said, if that is why, whoever passed it on.
    pub fn disk(&self) -> Option<&io::Error> {
        let mut cause: Option<&(dyn Error + 'static)> = match self {
            Unmade::Disk(error) => Some(error),
            Unmade::Parquet(ParquetError::External(error)) => Some(error.as_ref()),
            other => other.source(),
        };
        while let Some(error) = cause {
            if let Some(error) = error.downcast_ref() {
                return Some(error);
            }
            cause = error.source();
        }
        None
    }
}

/// Of the kind that the file system named, so that a full disk stays one.
impl From<Unmade> for io::Error {
    fn from(unmade: Unmade) -> io::Error {
        io::Error::new(unmade.disk().map_or(io::ErrorKind::Other, io::Error::kind), unmade)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::kit::parquet::{open, word_field};

    /// A disk on which nothing more fits.
    struct Full;

    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_told_from_a_table_that_is_wrong() {
        let full = open(Full, vec![word_field("region")], Vec::new()).and_then(|(writer, _)| Ok(writer.close()?));
        let full = full.err().unwrap();
        assert_eq!(full.disk().map(io::Error::kind), Some(io::ErrorKind::StorageFull), "{full:?}");
        assert_eq!(io::Error::from(full).kind(), io::ErrorKind::StorageFull);
        let wrong = Unmade::TwoColumns("wage".to_owned());
        assert!(wrong.disk().is_none());
        assert_eq!(io::Error::from(wrong).to_string(), "two columns of a table are called \"wage\"");
    }
}
