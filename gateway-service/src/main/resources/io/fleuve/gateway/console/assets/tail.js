// What arrives on a topic, as it arrives. Server-sent events where the gateway has them, asking once a second
// where it does not; whoever listens cannot tell the difference but by the delay.

import { get, poll, seg, url } from "./api.js";
import { toRecord } from "./decode.js";

const FORMATS = "format=binary&key_format=binary";
const POLL_MS = 1000;
const POLL_RECORDS = 200;
const HIDDEN_MS = 60_000;

/**
 * Follows a topic from its end. onRecords gets arrays of records; onState gets "connecting", "live", "away" or an
 * Error that ends it. Returns what stops it.
 */
export function tail(topic, partitions, onRecords, onState) {
  let stop = () => {};
  let resting = false;
  let hiddenTimer = null;
  let seen = null;
  onState("connecting");
  const take = (event) => {
    if (!event.data) {
      return;
    }
    const json = JSON.parse(event.data);
    if (json.partition !== undefined && json.offset !== undefined) {
      seen = event.lastEventId || seen;
      onRecords([toRecord(json)]);
    }
  };
  const open = () => {
    const from = seen === null ? "from=end" : `last_event_id=${encodeURIComponent(seen)}`;
    const events = new EventSource(url(`topics/${seg(topic)}/events?${from}&partitions=${partitions.join(",")}&${FORMATS}`));
    stop = () => events.close();
    events.onopen = () => onState("live");
    events.onmessage = take;
    // The brokers' coming and going; the stream itself stays.
    events.addEventListener("notice", (event) => onState(event.data.includes("unavailable") ? "away" : "live"));
    events.onerror = () => {
      if (events.readyState === EventSource.CLOSED) {
        // A refusal closes it for good.
        onState("connecting");
        stop = follow(topic, partitions, onRecords, onState);
      } else {
        onState("away");
      }
    };
  };
  // A browser has six connections for all of its tabs: one that is not seen gives its own up after a while.
  const onVisible = () => {
    clearTimeout(hiddenTimer);
    if (document.hidden) {
      hiddenTimer = setTimeout(() => {
        resting = true;
        stop();
      }, HIDDEN_MS);
    } else if (resting) {
      resting = false;
      open();
    }
  };
  document.addEventListener("visibilitychange", onVisible);
  open();
  return () => {
    document.removeEventListener("visibilitychange", onVisible);
    clearTimeout(hiddenTimer);
    stop();
  };
}

function path(topic, partition, offset) {
  return `topics/${seg(topic)}/partitions/${partition}/records?offset=${offset}&max_records=${POLL_RECORDS}&${FORMATS}`;
}

function follow(topic, partitions, onRecords, onState) {
  const next = new Map();
  return poll(
    POLL_MS,
    async (signal) => {
      for (const partition of partitions) {
        try {
          const page = await get(path(topic, partition, next.get(partition) ?? "latest"), signal);
          next.set(partition, page.next_offset);
          if (page.records.length > 0) {
            onRecords(page.records.map(toRecord));
          }
        } catch (error) {
          if (error.status === 416) {
            // What was next is gone already: go on at the end.
            next.delete(partition);
          } else {
            throw error;
          }
        }
      }
      onState("live");
    },
    (error) => onState(error.status === 404 ? error : "away"));
}
