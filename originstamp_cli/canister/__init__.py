"""What the canisters remember and answer; plain functions marked `@query` or `@update`."""
