//! A table of Arrow, handed to Python without a copy by way of the PyCapsule interface.

use crate::errors;
use arrow_array::cast::AsArray;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{Decimal128Type, Float64Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Int32Array, RecordBatch, RecordBatchIterator, StringArray, UInt32Array,
    UInt64Array,
};
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use handover::ground::maths::pow;
use handover::output::kit::Frame;
use handover::scenario::Scenario;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Columns of one schema in one or several batches.
#[pyclass(frozen, module = "handover._handover")]
#[derive(Clone, Debug)]
pub struct Table {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

/// A name, a type, what it means, its unit, its grade of evidence.
type Told = (String, String, String, String, String);

impl Table {
    /// Batches of one schema; that of the first counts.
    ///
    /// # Errors
    /// That their columns differ.
    pub fn of(batches: Vec<RecordBatch>) -> PyResult<Table> {
        let first = batches.first().ok_or_else(|| errors::bug("a table has no part"))?.schema();
        Table::in_schema(first, batches)
    }

    /// Batches as parts of one table, whatever their schemas say of themselves.
    ///
    /// # Errors
    /// That their columns differ.
    pub fn in_schema(schema: SchemaRef, batches: Vec<RecordBatch>) -> PyResult<Table> {
        let one = |batch: RecordBatch| RecordBatch::try_new(Arc::clone(&schema), batch.columns().to_vec());
        let batches = batches.into_iter().map(one).collect::<Result<_, ArrowError>>().map_err(errors::bug)?;
        Ok(Table { schema, batches })
    }

    /// A table of a run, with the columns scenario, replicate and seed in front where it does not have them.
    ///
    /// # Errors
    /// That the columns do not fit together: a bug.
    pub fn keyed(frame: Frame, scenario: &Scenario) -> PyResult<RecordBatch> {
        let batch = frame.batch().map_err(errors::bug)?;
        with_keys(&batch, scenario).map_err(errors::bug)
    }
}

/// What every table of a run begins with.
fn with_keys(batch: &RecordBatch, scenario: &Scenario) -> Result<RecordBatch, ArrowError> {
    let (run, rows, schema) = (&scenario.parameters.run, batch.num_rows(), batch.schema());
    let name = StringArray::from(vec![scenario.about.name.as_str()]);
    let name = DictionaryArray::<Int32Type>::try_new(Int32Array::from(vec![0; rows]), Arc::new(name))?;
    let keys: [(&str, &str, ArrayRef); 3] = [
        ("scenario", "name of the scenario", Arc::new(name)),
        ("replicate", "number of the replicate", Arc::new(UInt32Array::from(vec![run.replicate; rows]))),
        ("seed", "seed of all random numbers", Arc::new(UInt64Array::from(vec![run.seed; rows]))),
    ];
    let missing = keys.into_iter().filter(|(name, ..)| schema.column_with_name(name).is_none());
    let (mut fields, mut columns) = (Vec::new(), Vec::new());
    for (name, words, column) in missing {
        let about = [("description".to_owned(), words.to_owned())];
        fields.push(Arc::new(Field::new(name, column.data_type().clone(), false).with_metadata(BTreeMap::from(about))));
        columns.push(column);
    }
    fields.extend(schema.fields().iter().cloned());
    columns.extend(batch.columns().iter().cloned());
    RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone())), columns)
}

/// A column with its decimals as floats: dollars, to fifteen or sixteen digits.
fn floats(column: &ArrayRef) -> ArrayRef {
    let DataType::Decimal128(_, scale) = *column.data_type() else { return Arc::clone(column) };
    let unit = pow(10.0, scale.into());
    let dollars = |amount: i128| amount as f64 / unit;
    Arc::new(column.as_primitive::<Decimal128Type>().unary::<_, Float64Type>(dollars))
}

#[pymethods]
impl Table {
    /// Rows.
    #[getter]
    fn num_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Every column: name, type, what it means, unit, grade of evidence.
    fn fields(&self) -> Vec<Told> {
        let text = |field: &Field, key: &str| field.metadata().get(key).cloned().unwrap_or_default();
        let one = |field: &Arc<Field>| {
            let kind = match field.data_type() {
                DataType::Dictionary(_, words) => format!("{words} (dictionary)"),
                kind => kind.to_string(),
            };
            (field.name().clone(), kind, text(field, "description"), text(field, "unit"), text(field, "grade"))
        };
        self.schema.fields().iter().map(one).collect()
    }

    /// What the table says of itself.
    fn metadata(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<_> = self.schema.metadata().iter().map(|(key, text)| (key.clone(), text.clone())).collect();
        pairs.sort();
        pairs
    }

    /// The table with exact amounts as floats, and everything else as it is.
    fn floats(&self) -> PyResult<Table> {
        let field = |field: &Arc<Field>| match field.data_type() {
            DataType::Decimal128(..) => Arc::new(field.as_ref().clone().with_data_type(DataType::Float64)),
            _ => Arc::clone(field),
        };
        let fields: Vec<_> = self.schema.fields().iter().map(field).collect();
        let schema = Arc::new(Schema::new_with_metadata(fields, self.schema.metadata().clone()));
        let one = |batch: &RecordBatch| {
            RecordBatch::try_new(Arc::clone(&schema), batch.columns().iter().map(floats).collect())
        };
        let batches = self.batches.iter().map(one).collect::<Result<_, _>>().map_err(errors::bug)?;
        Ok(Table { schema, batches })
    }

    /// Addresses of the values of a column, a number a batch: they show that nothing was copied.
    fn addresses(&self, name: &str) -> PyResult<Vec<usize>> {
        let place = self.schema.index_of(name).map_err(errors::input)?;
        let of = |batch: &RecordBatch| batch.column(place).to_data().buffers().first().map(|b| b.as_ptr() as usize);
        Ok(self.batches.iter().filter_map(of).collect())
    }

    /// The schema, by the PyCapsule interface of Arrow.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.schema.as_ref()).map_err(errors::bug)?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// The table, by the PyCapsule interface of Arrow. No other schema can be asked for, as the protocol allows.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let batches = self.batches.clone().into_iter().map(Ok);
        let reader = RecordBatchIterator::new(batches, Arc::clone(&self.schema));
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), c"arrow_array_stream")
    }
}
