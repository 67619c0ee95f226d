//! The blocks of numbers that a rule reads, as one parameter of its system.

/// Defines `Numbers`: the blocks a rule reads by the names it calls them, each listed once. Schedule and
/// `handover calendar --data` see every block, as if the system named it itself.
macro_rules! numbers {
    ($($block:ident: $kind:ty),* $(,)?) => {
        /// The numbers that the rule reads.
        #[derive(bevy_ecs::system::SystemParam)]
        pub struct Numbers<'w> { $($block: bevy_ecs::system::Res<'w, $kind>,)* }
    };
}

pub(crate) use numbers;
