//! A stream that cannot be read wrongly: frames, each followed by the SHA-256 of everything so far.
//!
//! A frame is its length (four bytes, little-endian), so many bytes, and the checksum. An empty frame
//! ends the stream, and nothing may follow it. No byte is handed out before its frame has been checked,
//! so whoever reads from here never sees a damaged one, and neither side holds more than a frame.

use sha2::{Digest, Sha256};
use std::io::{self, Read, Write};

/// Most bytes of a frame.
const FRAME: usize = 1 << 20;

/// Bytes of a checksum.
const CHECKSUM: usize = 32;

/// Writes a stream of frames.
pub(super) struct Writer<W: Write> {
    out: W,
    frame: Vec<u8>,
    so_far: Sha256,
}

impl<W: Write> Writer<W> {
    /// A stream that starts here.
    pub(super) fn new(out: W) -> Self {
        Writer { out, frame: Vec::with_capacity(FRAME), so_far: Sha256::new() }
    }

    /// Ends a frame before it is full, so that it can be read by itself.
    pub(super) fn end_frame(&mut self) -> io::Result<()> {
        if self.frame.is_empty() { Ok(()) } else { self.put_frame() }
    }

    /// Ends the stream.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.end_frame()?;
        self.put_frame()?;
        self.out.flush()
    }

    fn put_frame(&mut self) -> io::Result<()> {
        let length = (self.frame.len() as u32).to_le_bytes();
        self.so_far.update(length);
        self.so_far.update(&self.frame);
        self.out.write_all(&length)?;
        self.out.write_all(&self.frame)?;
        self.out.write_all(&self.so_far.clone().finalize())?;
        self.frame.clear();
        Ok(())
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(FRAME - self.frame.len());
        self.frame.extend_from_slice(&bytes[..taken]);
        if self.frame.len() == FRAME {
            self.put_frame()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads a stream of frames; what is not as it was written is an error of kind `InvalidData`.
pub(super) struct Reader<R: Read> {
    input: R,
    frame: Vec<u8>,
    next: usize,
    count: u64,
    so_far: Sha256,
    is_over: bool,
}

impl<R: Read> Reader<R> {
    /// A stream that starts here.
    pub(super) fn new(input: R) -> Self {
        Reader { input, frame: Vec::new(), next: 0, count: 0, so_far: Sha256::new(), is_over: false }
    }

    /// Checks the next block before anything is read from it.
    pub(super) fn begin(&mut self) -> io::Result<()> {
        if self.next == self.frame.len() && !self.is_over { self.take_frame() } else { Ok(()) }
    }

    /// Demands that everything has been read and that the stream ends here.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.next < self.frame.len() {
            return Err(self.damage("holds more than it should"));
        }
        self.take_frame()?;
        if !self.is_over {
            return Err(self.damage("stands where the end should be"));
        }
        match self.input.read(&mut [0])? {
            0 => Ok(()),
            _ => Err(self.damage("is the last, but something follows it")),
        }
    }

    fn damage(&self, what: &str) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, format!("block {} {what}", self.count))
    }

    fn take_frame(&mut self) -> io::Result<()> {
        self.count += 1;
        let mut length = [0; 4];
        self.exactly(&mut length)?;
        self.so_far.update(length);
        let length = u32::from_le_bytes(length) as usize;
        if length > FRAME {
            return Err(self.damage("has an impossible length"));
        }
        let mut frame = std::mem::take(&mut self.frame);
        frame.resize(length, 0);
        self.exactly(&mut frame)?;
        self.so_far.update(&frame);
        let mut checksum = [0; CHECKSUM];
        self.exactly(&mut checksum)?;
        if self.so_far.clone().finalize()[..] != checksum {
            return Err(self.damage("does not match its checksum"));
        }
        (self.frame, self.next, self.is_over) = (frame, 0, length == 0);
        Ok(())
    }

    fn exactly(&mut self, bytes: &mut [u8]) -> io::Result<()> {
        self.input.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => self.damage("is cut short"),
            _ => error,
        })
    }
}

impl<R: Read> Read for Reader<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.next == self.frame.len() && !self.is_over {
            self.take_frame()?;
        }
        let given = bytes.len().min(self.frame.len() - self.next);
        bytes[..given].copy_from_slice(&self.frame[self.next..self.next + given]);
        self.next += given;
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut writer = Writer::new(&mut out);
        writer.write_all(b"head").unwrap();
        writer.end_frame().unwrap();
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap();
        out
    }

    fn read(stream: &[u8]) -> io::Result<Vec<u8>> {
        let mut reader = Reader::new(stream);
        let mut head = [0; 4];
        reader.read_exact(&mut head)?;
        assert_eq!(&head, b"head");
        let mut all = vec![0; FRAME + 10];
        reader.read_exact(&mut all)?;
        reader.finish().map(|()| all)
    }

    #[test]
    fn what_was_written_is_read() {
        let bytes: Vec<u8> = (0..FRAME + 10).map(|n| (n % 251) as u8).collect();
        assert_eq!(read(&written(&bytes)).unwrap(), bytes);
    }

    #[test]
    fn what_is_cut_lengthened_or_changed_is_refused() {
        let stream = written(&vec![7; FRAME + 10]);
        for length in [0, 3, 4, 40, 41, stream.len() / 2, stream.len() - 36, stream.len() - 1] {
            assert!(read(&stream[..length]).is_err(), "cut to {length}");
        }
        assert!(read(&[&stream[..], b"x"].concat()).unwrap_err().to_string().contains("something follows"));
        // frames that match their own bytes but not what came before: the checksum covers all of it
        let frame = |n: usize| 40 + n * (FRAME + 36);
        let doubled = [&stream[..frame(1)], &stream[frame(0)..]].concat();
        assert!(read(&doubled).unwrap_err().to_string().contains("checksum"));
    }
}
