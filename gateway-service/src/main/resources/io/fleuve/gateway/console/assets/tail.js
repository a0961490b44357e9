// What arrives on a topic, as it arrives. Server-sent events where the gateway has them, asking once a second
// where it does not; whoever listens cannot tell the difference but by the delay.

import { get, poll, seg, url } from "./api.js";
import { toRecord } from "./decode.js";

const FORMATS = "format=binary&key_format=binary";
const POLL_MS = 1000;
const POLL_RECORDS = 200;

/**
 * Follows a topic from its end. onRecords gets arrays of records; onState gets "connecting", "live", "away" or an
 * Error that ends it. Returns what stops it.
 */
export function tail(topic, partitions, onRecords, onState) {
  let stop = () => {};
  let ended = false;
  onState("connecting");
  const events = new EventSource(url(`topics/${seg(topic)}/events?from=end&${FORMATS}`));
  let opened = false;
  const take = (event) => {
    if (!event.data) {
      return;
    }
    const json = JSON.parse(event.data);
    if (json.partition !== undefined && json.offset !== undefined) {
      onRecords([toRecord(json)]);
    }
  };
  events.onopen = () => {
    opened = true;
    onState("live");
  };
  events.onmessage = take;
  events.addEventListener("record", take);
  events.onerror = () => {
    if (events.readyState !== EventSource.CLOSED) {
      onState("away");
    } else if (!ended) {
      // A refusal closes it for good: before the first event it means that there are none to be had.
      events.close();
      onState(opened ? "away" : "connecting");
      stop = follow(topic, partitions, onRecords, onState);
    }
  };
  stop = () => events.close();
  return () => {
    ended = true;
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
