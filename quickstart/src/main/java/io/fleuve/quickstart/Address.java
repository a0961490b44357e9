package io.fleuve.quickstart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/**
 * Where an endpoint listens.
 *
 * @param host name or number of an interface of this machine
 * @param port 1 to 65535
 */
record Address(Endpoint endpoint, String host, int port) {

    /** Fails with a sentence that names port and variable when somebody else listens there. */
    void requireFree() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException e) {
            throw new StartFailure(
                    endpoint.hostVariable() + " names an unknown host: " + host + ".", e);
        } catch (IOException e) {
            throw inUse(e);
        }
    }

    StartFailure inUse(Throwable cause) {
        return new StartFailure(
                "Port %d on %s, wanted for %s, cannot be used (%s): stop the program that has it, or choose another port with %s."
                        .formatted(
                                port,
                                host,
                                endpoint.purpose(),
                                cause.getMessage(),
                                endpoint.portVariable()),
                cause);
    }

    /** As a client on this machine writes it, also when the server listens on all interfaces. */
    String forClients() {
        boolean anyInterface = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        String name = anyInterface ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
        return name + ":" + port;
    }

    String url() {
        return "http://" + forClients();
    }
}
