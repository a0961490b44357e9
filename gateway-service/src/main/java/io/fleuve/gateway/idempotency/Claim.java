package io.fleuve.gateway.idempotency;

/**
 * A claim that counts: whoever wrote it may carry the request out, under this transactional id
 * alone.
 *
 * @param offset where it is in its partition of the claims topic; its identity
 * @param timestampMs when the brokers appended it
 * @param fingerprint what the request was: method, path and body
 * @param transactionalId the id under which its outcome is committed, if ever
 */
record Claim(long offset, long timestampMs, Digest fingerprint, String transactionalId) {}
