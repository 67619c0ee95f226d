//! A net under what reads files of others: a panic on the way is caught, and becomes words.
//!
//! What is read is checked first, and the checks are what is relied on. The net is for what they miss, and for
//! libraries that take a damaged file for a mistake of their caller.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// Inside the net: what was said last.
    static SAID: RefCell<Option<String>> = const { RefCell::new(None) };
}

static HOOK: Once = Once::new();

/// Does the work.
///
/// # Errors
/// Where and why it panicked.
pub fn backstop<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    HOOK.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |about| {
            let is_inside = SAID.with_borrow_mut(|said| {
                let inside = said.is_some();
                if inside {
                    *said = Some(about.to_string().replace('\n', " "));
                }
                inside
            });
            if !is_inside {
                before(about);
            }
        }));
    });
    let outer = SAID.replace(Some(String::new()));
    // what the work had in hand is dropped with it
    let done = catch_unwind(AssertUnwindSafe(work));
    let said = SAID.replace(outer).unwrap_or_default();
    done.map_err(|payload| {
        // only words are caught: whoever unwinds with something else is on the way to somebody who waits for it
        if payload.is::<String>() || payload.is::<&str>() { said } else { resume_unwind(payload) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_words_and_work_is_what_it_was() {
        assert_eq!(backstop(|| 3), Ok(3));
        assert_eq!(backstop(|| backstop(|| panic!("unheard")).map_or(4, |()| 5)), Ok(4));
        let said = backstop(|| -> i32 { panic!("unheard") }).unwrap_err();
        assert!(said.contains("backstop.rs") && said.contains("unheard"), "{said}");
        assert!(SAID.with_borrow(Option::is_none));
        let passed = catch_unwind(|| backstop(|| resume_unwind(Box::new(7))));
        assert_eq!(passed.unwrap_err().downcast_ref::<i32>(), Some(&7));
    }
}
