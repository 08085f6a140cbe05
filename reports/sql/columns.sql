-- Every column of the edition at hand, in the order of its table.
SELECT note.table_name, note.column_name, note.data_type, note.title_vi, note.title_en
FROM meta.column AS note
JOIN duckdb_columns() AS held
    ON held.database_name = current_database()
    AND held.schema_name || '.' || held.table_name = note.table_name
    AND held.column_name = note.column_name
ORDER BY note.table_name, held.column_index
