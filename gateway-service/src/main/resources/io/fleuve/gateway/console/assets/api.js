// Requests to the gateway that served this page.

const base = new URL(".", location.href.split("#")[0]);

/** What the gateway refused, or that it could not be asked. */
export class ApiError extends Error {
  constructor(message, status, code) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function url(path) {
  return new URL(path, base).href;
}

export function seg(value) {
  return encodeURIComponent(value);
}

async function call(method, path, body, signal) {
  let response;
  try {
    response = await fetch(url(path), {
      method,
      signal,
      headers: { Accept: "application/json", ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") {
      throw error;
    }
    throw new ApiError("The gateway does not answer. It may be restarting; this page tries again by itself.", 0, 0);
  }
  const text = await response.text();
  let json = null;
  try {
    json = text ? JSON.parse(text) : null;
  } catch {
    // Told below, unless the status says it already.
  }
  if (!response.ok) {
    throw new ApiError(json?.message ?? json?.detail ?? `The gateway answered with status ${response.status}.`, response.status, json?.error_code ?? response.status);
  }
  return json;
}

export const get = (path, signal) => call("GET", path, undefined, signal);
export const post = (path, body) => call("POST", path, body);
export const del = (path) => call("DELETE", path);

let clusterId = null;

/** "v3/clusters/{id}" of the one cluster behind this gateway. */
export async function cluster() {
  clusterId ??= (await get("v3/clusters")).data[0].cluster_id;
  return `v3/clusters/${seg(clusterId)}`;
}

/** Repeats while the page is seen; returns what ends it. A round begins when the last one is done. */
export function poll(intervalMs, run, onError) {
  let ended = false;
  let timer = null;
  const abort = new AbortController();
  async function round() {
    timer = null;
    if (!document.hidden) {
      try {
        await run(abort.signal);
      } catch (error) {
        if (!ended && error.name !== "AbortError") {
          onError(error);
        }
      }
    }
    if (!ended) {
      timer = setTimeout(round, intervalMs);
    }
  }
  const wake = () => {
    if (!document.hidden && timer !== null) {
      clearTimeout(timer);
      round();
    }
  };
  document.addEventListener("visibilitychange", wake);
  round();
  return () => {
    ended = true;
    abort.abort();
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", wake);
  };
}
