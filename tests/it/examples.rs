//! The examples that a reader copies run to their end: each is a module here, and its `main` is called.

#[path = "../../examples/my_policy.rs"]
mod my_policy;
#[path = "../../examples/quickstart.rs"]
mod quickstart;
#[path = "../../examples/sweep.rs"]
mod sweep;

#[test]
fn quickstart_runs() {
    quickstart::main().unwrap();
}

#[test]
fn a_rule_in_code_governs_a_world_of_its_own() {
    my_policy::main().unwrap();
}

#[test]
fn a_lever_is_swept_in_code() {
    sweep::main().unwrap();
}
