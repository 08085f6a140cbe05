-- Opens two releases side by side, read-only.
ATTACH $newer_file AS newer (READ_ONLY);
ATTACH $older_file AS older (READ_ONLY);
