-- Whether the watch for silence began, or began again, after the last window: a silence found then is another episode than
-- the one that followed the window.
ALTER TABLE rule_progress ADD COLUMN watched_anew boolean NOT NULL DEFAULT false;
