"""The rule tables: their language, schema, loading, dated selection and checks."""
