package io.fleuve.broker.network;

/** A request that breaks the protocol: its connection is closed, nobody else is harmed. */
final class MalformedRequestException extends Exception {

    /** What the request was for, as far as that can be told. */
    private final String api;

    MalformedRequestException(String api, String message) {
        super(message, null, false, false);
        this.api = api;
    }

    String api() {
        return api;
    }
}
