//! The library's sources as the compiler reads them: every file that belongs to it, what each uses in whatever form,
//! and what its fields say of themselves; only what is compiled for tests alone is left out.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

/// A module by the names on the way to it from the crate's root.
pub type Module = Vec<String>;

/// A file of the library.
#[derive(Debug, Default)]
pub struct Source {
    /// Where it is, from `src`.
    pub file: String,
    /// Paths it names, as written, each with the module it stands in.
    paths: Vec<(Module, Vec<String>)>,
    /// Macros it calls, by their last name.
    pub macros: BTreeSet<String>,
    /// Fields with their documentation and their type.
    pub fields: Vec<Field>,
    /// First lines of the documentation of what is public or not.
    pub docs: Vec<String>,
}

/// A field of a struct.
#[derive(Debug)]
pub struct Field {
    pub name: String,
    pub doc: String,
    pub of: String,
}

/// Every file of the library by its module, and those that are there for tests only.
#[derive(Debug, Default)]
pub struct Sources {
    pub files: BTreeMap<Module, Source>,
    pub of_tests: BTreeSet<PathBuf>,
}

impl Sources {
    /// Reads `lib.rs` and every module it declares.
    pub fn read(root: &Path) -> Sources {
        let mut sources = Sources::default();
        sources.add(&root.join("src"), &root.join("src/lib.rs"), Vec::new());
        sources
    }

    fn add(&mut self, top: &Path, path: &Path, module: Module) {
        let text = fs::read_to_string(path).unwrap();
        let whole = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file = path.strip_prefix(top).unwrap().to_string_lossy().into_owned();
        let mut reading = Reading { source: Source { file, ..Source::default() }, module: module.clone() };
        reading.visit_file(&whole);
        self.files.insert(module.clone(), reading.source);
        let folder = module.iter().fold(top.to_owned(), |folder, name| folder.join(name));
        self.descend(top, &folder, &module, &whole.items);
    }

    fn descend(&mut self, top: &Path, folder: &Path, module: &Module, items: &[Item]) {
        for item in items {
            let Item::Mod(inner) = item else { continue };
            if inner.content.is_some() {
                // modules within a file belong to the file
                continue;
            }
            let name = inner.ident.to_string();
            let beside = folder.join(format!("{name}.rs"));
            let path = if beside.is_file() { beside } else { folder.join(&name).join("mod.rs") };
            if is_for_tests(&inner.attrs) {
                self.of_tests.insert(path);
            } else {
                let mut inside = module.clone();
                inside.push(name);
                self.add(top, &path, inside);
            }
        }
    }

    /// The modules of this library that a file uses, each the file that stands for it.
    pub fn uses(&self, module: &Module) -> BTreeSet<Module> {
        let paths = self.files[module].paths.iter();
        let mut found: BTreeSet<Module> = paths.filter_map(|(from, path)| self.resolve(from, path)).collect();
        found.remove(module);
        found
    }

    /// Paths of other crates that a file names, as words with `::` between.
    pub fn foreign(&self, module: &Module) -> impl Iterator<Item = String> {
        let paths = self.files[module].paths.iter();
        paths.filter(|(from, path)| self.resolve(from, path).is_none()).map(|(_, path)| path.join("::"))
    }

    fn resolve(&self, from: &Module, path: &[String]) -> Option<Module> {
        let mut base = from.clone();
        let mut rest = path;
        match path.first()?.as_str() {
            // the command line names the library as other programs do
            "crate" | "handover" => (base, rest) = (Vec::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|name| name == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            // a module of one's own, named from where one stands
            name => {
                let own: Module = base.iter().cloned().chain([name.to_owned()]).collect();
                if path.len() < 2 || !self.files.contains_key(&own) {
                    return None;
                }
            }
        }
        base.extend_from_slice(rest);
        while !self.files.contains_key(&base) {
            base.pop();
        }
        Some(base)
    }
}

/// Is this compiled for tests only?
fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return false };
        let words = list.tokens.to_string().replace(' ', "");
        list.path.is_ident("cfg") && (words == "test" || words.starts_with("all(test,"))
    })
}

/// The attributes of an item of one of these kinds; of others none are looked at.
macro_rules! attributes_of {
    ($item:expr, $($kind:ident)*) => {
        match $item {
            $(Item::$kind(item) => &item.attrs,)*
            _ => &[],
        }
    };
}

fn attributes(item: &Item) -> &[Attribute] {
    attributes_of!(item, Const Enum ExternCrate Fn Impl Macro Mod Static Struct Trait Type Use)
}

/// Documentation as one text.
fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join(" ")
}

struct Reading {
    source: Source,
    module: Module,
}

impl Reading {
    fn path(&mut self, path: Vec<String>) {
        self.source.paths.push((self.module.clone(), path));
    }

    fn tree(&mut self, before: &[String], tree: &UseTree) {
        let with = |name: String| before.iter().cloned().chain([name]).collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.tree(&with(path.ident.to_string()), &path.tree),
            UseTree::Name(name) if name.ident == "self" => self.path(before.to_vec()),
            UseTree::Name(name) => self.path(with(name.ident.to_string())),
            UseTree::Rename(name) => self.path(with(name.ident.to_string())),
            UseTree::Glob(_) => self.path(with("*".to_owned())),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(before, tree)),
        }
    }

    /// Paths in the words of a macro, which are no syntax yet: names with `::` between.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.end(&mut path);
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    if colons == 2 && group.delimiter() == Delimiter::Brace {
                        for inner in group.stream() {
                            if let TokenTree::Ident(name) = inner {
                                self.path(path.iter().cloned().chain([name.to_string()]).collect());
                            }
                        }
                    }
                    self.end(&mut path);
                    self.tokens(group.stream());
                    colons = 0;
                }
                _ => {
                    self.end(&mut path);
                    colons = 0;
                }
            }
        }
        self.end(&mut path);
    }

    fn end(&mut self, path: &mut Vec<String>) {
        if path.len() > 1 {
            self.path(std::mem::take(path));
        }
        path.clear();
    }
}

impl<'ast> Visit<'ast> for Reading {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_for_tests(attributes(item)) {
            return;
        }
        self.source.docs.push(doc(attributes(item)));
        if let Item::Mod(inner) = item {
            self.module.push(inner.ident.to_string());
            visit::visit_item(self, item);
            self.module.pop();
        } else {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !is_for_tests(&item.attrs) {
            self.source.docs.push(doc(&item.attrs));
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.path(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.source.macros.extend(call.path.segments.last().map(|segment| segment.ident.to_string()));
        self.tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        let name = field.ident.as_ref().map_or_else(String::new, ToString::to_string);
        let mut names = Names::default();
        names.visit_type(&field.ty);
        self.source.fields.push(Field { name, doc: doc(&field.attrs), of: names.0.join(" ") });
        visit::visit_field(self, field);
    }
}

/// The names in a type, in order: "Table SiteType Share".
#[derive(Default)]
struct Names(Vec<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_path_segment(&mut self, segment: &'ast syn::PathSegment) {
        self.0.push(segment.ident.to_string());
        visit::visit_path_segment(self, segment);
    }
}
