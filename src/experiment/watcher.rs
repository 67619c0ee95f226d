//! Who watches a long experiment: hears how far it has come, and says whether it goes on.

/// A watcher, from whatever thread. The command line shows a bar and hears Ctrl-C; [`Nobody`] lets everything go on.
pub trait Watcher: Sync {
    /// So many steps in all are to be expected.
    fn expect(&self, steps: u64);
    /// One step more; shall it go on?
    fn tick(&self) -> bool;
    /// One step fewer is to be expected: it is done already, and took no time.
    fn skip(&self);
    /// Shall it go on?
    fn goes_on(&self) -> bool;
    /// What is done now, in words.
    fn say(&self, words: String);
}

/// Watches nothing, and stops nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Watcher for Nobody {
    fn expect(&self, _: u64) {}
    fn tick(&self) -> bool {
        true
    }
    fn skip(&self) {}
    fn goes_on(&self) -> bool {
        true
    }
    fn say(&self, _: String) {}
}
