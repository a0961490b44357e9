package io.fleuve.gateway;

import io.fleuve.gateway.GatewayUnderTest.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A gateway in a process of its own, to be killed as a machine's failure would. */
final class GatewayProcess implements AutoCloseable {

    private final Process process;
    private final Client client;
    private final String[] more;

    private GatewayProcess(Process process, Client client, String... more) {
        this.process = process;
        this.client = client;
        this.more = more.clone();
    }

    static GatewayProcess start(String bootstrap, String... more) {
        return start(freePort(), bootstrap, more);
    }

    /** Another process at the same address. */
    GatewayProcess successor() {
        return start(client.port(), client.bootstrap(), more);
    }

    private static GatewayProcess start(int port, String bootstrap, String... more) {
        try {
            Path log = Files.createTempFile("gateway-", ".log");
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx192m",
                                    "-XX:+UseSerialGC",
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    classPath(),
                                    GatewayApplication.class.getName(),
                                    "--server.port=" + port,
                                    "--fleuve.gateway.bootstrap-servers=" + bootstrap));
            command.addAll(List.of(more));
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            Client client =
                    new Client(
                            "http://127.0.0.1:" + port,
                            port,
                            bootstrap,
                            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());
            GatewayProcess started = new GatewayProcess(process, client, more);
            try {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(2))
                        .until(() -> !process.isAlive() || started.answers());
                if (!process.isAlive()) {
                    throw new IllegalStateException("no gateway: " + Files.readString(log));
                }
                return started;
            } catch (RuntimeException e) {
                started.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try {
            return client.http()
                            .send(
                                    HttpRequest.newBuilder(
                                                    URI.create(
                                                            client.baseUrl()
                                                                    + "/actuator/health/readiness"))
                                            .timeout(Duration.ofSeconds(5))
                                            .build(),
                                    BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Client client() {
        return client;
    }

    /** SIGKILL: nothing is closed, nothing is said. */
    void kill() {
        process.destroyForcibly();
        await();
    }

    /** Stops and continues the process as a whole; its connections stay open meanwhile. */
    void signal(String name) {
        try {
            int exit =
                    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void await() {
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the gateway goes on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String classPath() {
        String surefire = System.getProperty("surefire.test.class.path", "");
        return surefire.isBlank() ? System.getProperty("java.class.path") : surefire;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        await();
    }
}
