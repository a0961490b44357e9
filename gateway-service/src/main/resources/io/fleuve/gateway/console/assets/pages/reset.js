// Moves where a group reads on. What that changes is shown first, as the gateway would do it.

import { cluster, post, seg } from "../api.js";
import { field, h, loading, notice, openDialog, select, toast } from "../dom.js";
import { count, NONE } from "../format.js";

export function resetDialog(group, lags, done) {
  const topics = [...new Set(lags.map((l) => l.topic_name))];
  const topic = select([["", "All that it has committed"], ...topics.map((t) => [t, t])], "", {});
  const target = select([["earliest", "The first message"], ["latest", "The end"], ["timestamp", "A time"], ["offset", "An offset"], ["shift-by", "Some messages back or ahead"]], "earliest", {});
  const time = h("input", { type: "datetime-local", step: "1" });
  const offset = h("input", { type: "number", min: "0", value: "0" });
  const shift = h("input", { type: "number", value: "-100" });
  const local = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000);
  time.value = local.toISOString().slice(0, 19);
  const detail = { timestamp: field("Local time", time), offset: field("Offset", offset), "shift-by": field("Messages (negative goes back)", shift) };
  const where = h("div");
  const effect = h("div", { id: "effect" });
  const apply = h("button", { type: "submit", class: "primary", disabled: true }, "Reset");
  const dialog = openDialog(`Reset ${group}`, [
    h("p", {}, "The group must have no members while this is done: stop its consumers first."),
    h("div", { class: "form-grid" }, field("Topic", topic), field("Read on from", target), where),
    effect,
  ], [apply]);
  let run = 0;

  function body(dryRun) {
    const request = { target: target.value, dry_run: dryRun };
    if (topic.value) {
      request.topics = [{ topic_name: topic.value }];
    }
    if (target.value === "timestamp") {
      request.timestamp = new Date(time.value).toISOString();
    } else if (target.value === "offset") {
      request.offset = Number(offset.value);
    } else if (target.value === "shift-by") {
      request.shift_by = Number(shift.value);
    }
    return request;
  }

  async function send(dryRun) {
    return post(`${await cluster()}/consumer-groups/${seg(group)}/offsets:reset`, body(dryRun));
  }

  async function preview() {
    const mine = ++run;
    where.replaceChildren(...(detail[target.value] ? [detail[target.value]] : []));
    where.hidden = !detail[target.value];
    apply.disabled = true;
    if (!effect.firstChild) {
      effect.replaceChildren(loading("Finding out what that changes"));
    }
    try {
      const answer = await send(true);
      if (mine === run) {
        show(answer.data);
        apply.disabled = answer.data.every((c) => c.old_offset === c.new_offset);
      }
    } catch (error) {
      if (mine === run) {
        effect.replaceChildren(notice("bad", error.status === 404 && error.code === 404 && !/Group/.test(error.message) ? "This gateway cannot reset offsets yet." : error.message));
      }
    }
  }

  function show(changes) {
    const again = changes.reduce((n, c) => n + Math.max(0, (c.old_offset ?? c.new_offset) - c.new_offset), 0);
    const skipped = changes.reduce((n, c) => n + Math.max(0, c.new_offset - (c.old_offset ?? c.new_offset)), 0);
    const kind = skipped > 0 ? "bad" : again > 0 ? "" : "good";
    const text = [again > 0 ? `${count(again)} messages will be read again` : null, skipped > 0 ? `${count(skipped)} messages will never be read` : null].filter(Boolean).join(", ");
    effect.replaceChildren(
      notice(kind, text ? `${text}.` : "Nothing changes."),
      h("div", { class: "table-wrap" }, h("table", {},
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Partition"), ["Now", "Then", "Lag then"].map((t) => h("th", { scope: "col", class: "n" }, t)))),
        h("tbody", {}, changes.map((c) => h("tr", {},
          h("td", {}, `${c.topic_name} ${c.partition_id}`),
          h("td", { class: "n" }, c.old_offset === null ? NONE : count(c.old_offset)),
          h("td", { class: "n" }, count(c.new_offset), c.clamped ? h("small", {}, " nearest held") : null),
          h("td", { class: `n ${c.lag_after > (c.lag_before ?? c.lag_after) ? "up" : ""}` }, count(c.lag_after))))))));
  }

  for (const control of [topic, target, time, offset, shift]) {
    control.addEventListener("change", preview);
  }
  dialog.querySelector("form").addEventListener("submit", async () => {
    if (apply.disabled) {
      return;
    }
    apply.disabled = true;
    try {
      const answer = await send(false);
      dialog.close();
      toast(`${group} reads on from new offsets on ${answer.data.length} partitions.`);
      await done();
    } catch (error) {
      effect.prepend(notice("bad", error.message));
      apply.disabled = false;
    }
  });
  preview();
}
