package io.fleuve.broker.network;

import org.apache.kafka.common.requests.AbstractResponse;

/** What a request comes to, on its connection. */
sealed interface Answer {

    /** A response is sent. */
    record Reply(AbstractResponse response) implements Answer {}

    /** Nothing is sent: the client asked for that ({@code acks=0}). */
    record Silence() implements Answer {}

    /** The connection is closed, the only way to tell a client that wants no response. */
    record HangUp(String reason) implements Answer {}
}
