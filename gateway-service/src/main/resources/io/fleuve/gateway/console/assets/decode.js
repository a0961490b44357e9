// Bytes of keys, values and headers, and what they might be.

export function fromBase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) {
    bytes[i] = binary.charCodeAt(i);
  }
  return bytes;
}

export function toBase64(bytes) {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(binary);
}

export function utf8(text) {
  return new TextEncoder().encode(text);
}

/** A number that a JavaScript number cannot hold, as it was written. */
export class ExactNumber {
  constructor(source) {
    this.source = source;
  }
}

function parse(text) {
  return JSON.parse(text, (_, value, context) =>
    typeof value === "number" && context?.source && String(value) !== context.source ? new ExactNumber(context.source) : value);
}

// Control characters mean that bytes are not text, though many of them are valid UTF-8.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** {kind: "null" | "json" | "text" | "binary", text, json}: the best guess at what bytes are. */
export function decode(bytes) {
  if (bytes === null) {
    return { kind: "null", text: "null" };
  }
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { kind: "binary", text: brief(bytes) };
  }
  if (CONTROL.test(text)) {
    return { kind: "binary", text: brief(bytes) };
  }
  try {
    return { kind: "json", text, json: parse(text) };
  } catch {
    return { kind: "text", text };
  }
}

function brief(bytes) {
  const number = asNumber(bytes);
  const shown = Array.from(bytes.subarray(0, 24), (b) => b.toString(16).padStart(2, "0")).join(" ");
  return `${shown}${bytes.length > 24 ? " …" : ""}${number === null ? "" : `  (${number})`}`;
}

/** What a serializer of integers would have written, for 4 and 8 bytes. */
export function asNumber(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return bytes.length === 4 ? `int32 ${view.getInt32(0)}` : bytes.length === 8 ? `int64 ${view.getBigInt64(0)}` : null;
}

/** Offset, sixteen bytes, characters: the view that debuggers have always had. */
export function hexDump(bytes, limit = 4096) {
  const lines = [];
  for (let i = 0; i < Math.min(bytes.length, limit); i += 16) {
    const row = bytes.subarray(i, Math.min(i + 16, limit));
    const hex = Array.from(row, (b) => b.toString(16).padStart(2, "0"));
    const chars = Array.from(row, (b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : "·")).join("");
    lines.push(`${i.toString(16).padStart(6, "0")}  ${hex.slice(0, 8).join(" ").padEnd(23)}  ${hex.slice(8).join(" ").padEnd(23)}  ${chars}`);
  }
  if (bytes.length > limit) {
    lines.push(`… ${bytes.length - limit} more bytes`);
  }
  return lines.join("\n");
}

/** A record of a stateless read with format=binary, with its bytes as bytes. */
export function toRecord(json) {
  const missing = {};
  for (const error of json.errors ?? []) {
    missing[error.field] = error;
  }
  const bytes = (name) => (json[name] === null || json[name] === undefined ? (missing[name]?.data ? fromBase64(missing[name].data) : null) : fromBase64(json[name]));
  const record = {
    topic: json.topic,
    partition: json.partition,
    offset: json.offset,
    time: json.timestamp ? new Date(json.timestamp) : null,
    timestampType: json.timestamp_type,
    key: bytes("key"),
    value: bytes("value"),
    headers: (json.headers ?? []).map((header) => ({ name: header.name, value: header.value === null ? null : fromBase64(header.value) })),
    oversized: missing.value && !missing.value.data ? missing.value : null,
  };
  record.tombstone = record.value === null && !record.oversized;
  record.keyText = decode(record.key).text;
  record.valueText = record.oversized ? record.oversized.message : decode(record.value).text;
  return record;
}
