//! One series that somebody chose, drawn alone.

use crate::common::{handover, text, world_of};
use std::fs;
use std::path::Path;

/// A folder with a run, `one`, and an ensemble, `many`.
fn made() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    for line in ["run baseline --out one", "run baseline --replicates 2 --out many"] {
        let how = ["--years=0.5", "--quiet", "--no-plots"];
        let arguments: Vec<&str> = line.split(' ').chain(world_of!(1000000, 4)).chain(how).collect();
        let done = handover(home.path(), &arguments);
        assert!(done.status.success(), "{line}: {}", text(&done.stderr));
    }
    home
}

/// What `plot` prints, or says against it.
fn plot(folder: &Path, line: &str) -> Result<String, String> {
    let arguments: Vec<&str> = ["plot"].into_iter().chain(line.split(' ')).collect();
    let done = handover(folder, &arguments);
    if done.status.success() { Ok(text(&done.stdout)) } else { Err(text(&done.stderr)) }
}

#[test]
fn one_series_of_a_run_and_of_an_ensemble_is_drawn_alone() {
    let home = made();
    let at = home.path();
    let couriers = "--metric unemployment_rate --region USA --item courier";
    let said = plot(at, &format!("one {couriers} --theme light,dark,print")).unwrap();
    assert!(said.contains("unemployment_rate[USA, courier] drawn"), "{said}");
    let read = |name: &str| fs::read(at.join("one/plots").join(name)).unwrap_or_else(|_| panic!("{name}"));
    let pictures = ["", "-dark", "-print"].map(|theme| read(&format!("unemployment_rate-USA-courier{theme}.svg")));
    let pngs = ["", "-dark", "-print"].map(|theme| read(&format!("unemployment_rate-USA-courier{theme}.png")));
    assert!(pngs.iter().all(|png| png.starts_with(b"\x89PNG")));
    let pictures = pictures.map(|bytes| String::from_utf8(bytes).unwrap());
    for (picture, colours) in
        pictures.iter().zip([["#0072B2", "#222222"], ["#56B4E9", "#14171A"], ["#575757", "#222222"]])
    {
        assert!(picture.contains("USA, courier") || picture.contains("United States, courier"), "{picture:.400}");
        assert!(colours.iter().all(|colour| picture.contains(colour)), "{colours:?}");
    }
    assert!(!pictures[2].contains("#0072B2"), "print has greys alone");
    // a file of one's own, of an ensemble with its bands
    plot(at, &format!("many {couriers} --out pictures/couriers.svg")).unwrap();
    let banded = fs::read_to_string(at.join("pictures/couriers.svg")).unwrap();
    assert!(banded.contains("#D4E6F2") && banded.contains("middle half"), "no band");
    assert!(!pictures[0].contains("middle half"), "a run has no band");
    // as a page, the same again
    let page = |name: &str| {
        plot(at, &format!("one --metric absorbed --region USA --out {name}")).unwrap();
        fs::read(at.join(name)).unwrap()
    };
    let pdf = page("absorbed.pdf");
    assert!(pdf.starts_with(b"%PDF-1.7") && pdf.ends_with(b"%%EOF\n") && pdf == page("again.pdf"));
    plot(at, "one --metric absorbed --region all --format png --out .").unwrap();
    assert!(at.join("absorbed-all.png").is_file() && !at.join("absorbed-all.svg").is_file());
}

#[test]
fn a_series_that_is_not_there_is_answered_with_the_nearest() {
    let home = made();
    let at = home.path();
    for (line, words) in [
        ("one --metric unemployment_rat --region USA", "did you mean \"unemployment_rate\""),
        ("one --metric employed --region USB", "did you mean \"USA\""),
        ("one --metric employed --region USA --item curier", "courier"),
        ("one --metric unemployment_rate --region all", "does not add up over regions"),
        ("many --metric employed --region all", "name one region"),
        ("one --metric employed", "--region"),
        ("one --metric employed --region USA --format gif", "svg, png"),
        ("one --metric employed --region USA --format svg,png --out a.svg", "name a folder"),
        ("one --metric employed --region USA --format png --out a.svg", "does not end as --format says"),
    ] {
        let said = plot(at, line).expect_err(line);
        assert!(said.contains(words), "{line}: {said}");
    }
    assert!(!at.join("one/plots").exists());
}
