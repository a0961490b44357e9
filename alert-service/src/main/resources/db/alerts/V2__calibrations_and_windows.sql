-- What the readings of a sensor are corrected by, each from its instant on.
CREATE TABLE calibrations (
    id             uuid PRIMARY KEY,
    sensor         text NOT NULL,
    offset_celsius double precision NOT NULL,
    gain           double precision NOT NULL CHECK (gain > 0),
    valid_from     timestamptz NOT NULL,                -- event time
    UNIQUE (sensor, valid_from)
);

-- The results of windows as they were published, for those who ask; the highest revision of each.
CREATE TABLE recorded_windows (
    aggregation        text NOT NULL,
    region             text NOT NULL,
    sensor             text NOT NULL,                   -- empty: the region as a whole
    window_start       timestamptz NOT NULL,
    window_end         timestamptz NOT NULL,
    count              bigint NOT NULL,
    average            double precision NOT NULL,
    min                double precision NOT NULL,
    max                double precision NOT NULL,
    standard_deviation double precision NOT NULL,
    change_per_hour    double precision NOT NULL,
    p50                double precision NOT NULL,
    p90                double precision NOT NULL,
    p95                double precision NOT NULL,
    p99                double precision NOT NULL,
    revision           integer NOT NULL,
    PRIMARY KEY (aggregation, region, sensor, window_start)
);
CREATE INDEX recorded_windows_by_end ON recorded_windows (window_end);
