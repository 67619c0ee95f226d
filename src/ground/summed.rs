//! Amounts that are added up, field by field.

/// Defines a struct of which one can be added to another, each field to its like, so that none is forgotten.
///
/// ```
/// handover::summed! {
///     /// What is carried.
///     #[derive(Clone, Copy, Debug, PartialEq)]
///     pub struct Load {
///         /// Kilograms.
///         pub weight: f64,
///         /// Pieces.
///         pub pieces: u32,
///     }
/// }
/// let mut load = Load { weight: 0.5, pieces: 1 };
/// load += Load { weight: 1.0, pieces: 2 };
/// assert_eq!(load, Load { weight: 1.5, pieces: 3 });
/// ```
#[macro_export]
macro_rules! summed {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$about:meta])* pub $field:ident: $kind:ty,)* }) => {
        $(#[$meta])*
        pub struct $name { $($(#[$about])* pub $field: $kind,)* }

        impl std::ops::AddAssign for $name {
            fn add_assign(&mut self, other: $name) {
                $(self.$field += other.$field;)*
            }
        }
    };
}
