//! Errors that are told in a sentence: what was expected, what was found, what to write instead.

/// Defines an error type around its sentence; `?` takes it into `Box<dyn Error>`, and into a plain `String`.
///
/// ```
/// handover::said! {
///     /// A day that is none.
///     NoDay
/// }
///
/// fn day(text: &str) -> Result<u8, NoDay> {
///     text.parse().map_err(|_| NoDay(format!("{text:?} is no day; write 1 to 31")))
/// }
/// assert_eq!(day("x").unwrap_err().to_string(), "\"x\" is no day; write 1 to 31");
/// ```
#[macro_export]
macro_rules! said {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(pub String);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl std::error::Error for $name {}

        impl From<String> for $name {
            fn from(words: String) -> Self {
                $name(words)
            }
        }

        impl From<$name> for String {
            fn from(error: $name) -> String {
                error.0
            }
        }
    };
}
