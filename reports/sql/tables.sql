-- Every table of the edition at hand.
SELECT note.table_name, note.kind, note.grain, note.purpose, note."rows", note.upstream, note.sql
FROM meta.table AS note
JOIN duckdb_tables() AS held
    ON held.database_name = current_database() AND held.schema_name || '.' || held.table_name = note.table_name
ORDER BY note.table_name
