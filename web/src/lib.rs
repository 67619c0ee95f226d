//! The entry for the browser: plain functions that JavaScript calls, and no imports.
//!
//! A text goes in through [`hold`]: room is made for its bytes, JavaScript writes them there. An answer
//! comes out as the bytes at [`said`]. Every verb returns 0 if it did what was asked, 2 if the input was
//! wrong and 70 for a bug of ours, as the command line does; the answer then says in words what is wrong.
//! After a bug the module is of no more use.

pub mod engine;

use engine::{Engine, Refusal, Wish};
use std::cell::RefCell;

thread_local! {
    static HELD: RefCell<Vec<u8>> = RefCell::default();
    static SAID: RefCell<Vec<u8>> = RefCell::default();
    static ENGINE: RefCell<Option<Engine>> = RefCell::default();
}

/// Done.
const FINE: i32 = 0;

/// Leaves the answer where JavaScript finds it.
fn answer(outcome: Result<String, Refusal>) -> i32 {
    let (code, text) = match outcome {
        Ok(text) => (FINE, text),
        Err(Refusal::Input(text)) => (2, text),
        Err(Refusal::Bug(text)) => (70, text),
    };
    SAID.set(text.into_bytes());
    code
}

/// Does something with the world, if there is one.
fn with(work: impl FnOnce(&mut Engine) -> Result<String, Refusal>) -> i32 {
    let nothing = || Refusal::Input("no world was started".to_owned());
    answer(ENGINE.with_borrow_mut(|engine| engine.as_mut().ok_or_else(nothing).and_then(work)))
}

/// What was held, read as a wish.
fn wish() -> Result<Wish, Refusal> {
    let unreadable = |error| Refusal::Input(format!("the wish cannot be read: {error}"));
    HELD.with_borrow(|held| serde_json::from_slice(held).map_err(unreadable))
}

/// Makes room for a text of so many bytes and says where its first byte goes.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn hold(bytes: usize) -> *mut u8 {
    HELD.with_borrow_mut(|held| {
        *held = vec![0; bytes];
        held.as_mut_ptr()
    })
}

/// Where the last answer begins.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn said() -> *const u8 {
    SAID.with_borrow(|said| said.as_ptr())
}

/// How many bytes the last answer has.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn said_bytes() -> usize {
    SAID.with_borrow(|said| said.len())
}

/// Founds the world of the [`Wish`] that is held; answers with its status.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn start() -> i32 {
    // a panic ends the module; its words can still be read
    std::panic::set_hook(Box::new(|panic| SAID.set(panic.to_string().into_bytes())));
    ENGINE.set(None);
    let begun = wish().and_then(|wish| Engine::start(&wish));
    answer(begun.map(|engine| {
        let status = engine.status().to_string();
        ENGINE.set(Some(engine));
        status
    }))
}

/// Gives the world the scenario of the [`Wish`] that is held; answers with its status.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn change() -> i32 {
    with(|engine| engine.change(&wish()?).map(|_| engine.status().to_string()))
}

/// Takes the world back to the beginning of a tick; answers with its status.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn rewind(tick: i32) -> i32 {
    with(|engine| engine.rewind(tick).map(|_| engine.status().to_string()))
}

/// Simulates so many ticks or to the end; answers with how many were simulated.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn step(ticks: u32) -> i32 {
    with(|engine| engine.step(ticks).map(|lived| lived.to_string()))
}

/// The tick that comes next; the least number there is if no world was started.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn tick() -> i32 {
    ENGINE.with_borrow(|engine| engine.as_ref().map_or(i32::MIN, Engine::tick))
}

/// Has the last tick been simulated? 1 or 0.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn is_over() -> i32 {
    ENGINE.with_borrow(|engine| i32::from(engine.as_ref().is_some_and(Engine::is_over)))
}

/// Answers with what was recorded since the last time.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn records() -> i32 {
    with(|engine| Ok(engine.records().to_string()))
}

/// Answers with whose hours took whose jobs.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn receipt() -> i32 {
    with(|engine| Ok(engine.receipt().to_string()))
}

/// Answers with where the world stands.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn status() -> i32 {
    with(|engine| Ok(engine.status().to_string()))
}

/// Answers with the hash of the whole state.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn state_hash() -> i32 {
    with(|engine| Ok(engine.state_hash()))
}

/// Answers with the life of the worker who is followed.
#[allow(unsafe_code)]
#[unsafe(no_mangle)]
pub extern "C" fn life() -> i32 {
    with(|engine| engine.life().map(|life| life.to_string()))
}
