package io.fleuve.broker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Buffers and parts of files leave in the order in which they were handed over. */
class GatheringOutputTest {

    private static final int FILE_BYTES = 8 << 20;
    private static final int FROM = 1_234;

    @TempDir private Path directory;

    private interface Writing {
        void to(GatheringOutput output) throws Exception;
    }

    @Test
    void sendsAFileToAReaderThatIsSlowerThanItself() throws Exception {
        byte[] bytes = new byte[FILE_BYTES];
        new Random(4).nextBytes(bytes);
        Path path = Files.write(directory.resolve("a.log"), bytes);
        byte[] received =
                received(
                        output -> {
                            try (FileChannel file = FileChannel.open(path)) {
                                output.write(ByteBuffer.wrap(bytes, 0, FROM));
                                for (int at = FROM; at < FILE_BYTES; ) {
                                    long sent = output.transferFrom(file, at, FILE_BYTES - at);
                                    assertThat(sent).isPositive();
                                    at += (int) sent;
                                }
                                output.write(ByteBuffer.wrap(bytes, 0, 3));
                                output.flush();
                            }
                        });
        assertThat(received).hasSize(FILE_BYTES + 3);
        assertThat(Arrays.mismatch(Arrays.copyOf(received, FILE_BYTES), bytes)).isEqualTo(-1);
        assertThat(Arrays.copyOfRange(received, FILE_BYTES, FILE_BYTES + 3))
                .isEqualTo(Arrays.copyOf(bytes, 3));
    }

    @Test
    void doesNotWaitForBytesThatAFileDoesNotHave() throws Exception {
        Path path = Files.write(directory.resolve("a.log"), new byte[10]);
        received(
                output -> {
                    try (FileChannel file = FileChannel.open(path)) {
                        assertThatThrownBy(() -> output.transferFrom(file, 10, 5))
                                .isInstanceOf(EOFException.class);
                    }
                });
    }

    /** What arrives at a reader with a small buffer, if it is written on a virtual thread. */
    private static byte[] received(Writing writing) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel reading = SocketChannel.open()) {
                reading.setOption(StandardSocketOptions.SO_RCVBUF, 8 << 10);
                reading.connect(server.getLocalAddress());
                Callable<Void> write =
                        () -> {
                            try (SocketChannel socket = server.accept()) {
                                socket.setOption(StandardSocketOptions.SO_SNDBUF, 8 << 10);
                                writing.to(new GatheringOutput(socket, () -> {}));
                            }
                            return null;
                        };
                Future<Void> written = threads.submit(write);
                try (InputStream in = reading.socket().getInputStream()) {
                    byte[] received = in.readAllBytes();
                    written.get();
                    return received;
                }
            }
        }
    }
}
