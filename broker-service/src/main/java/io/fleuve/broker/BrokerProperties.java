package io.fleuve.broker;

import io.fleuve.broker.coordinator.GroupCoordinatorSettings;
import io.fleuve.broker.log.LogSettings;
import io.fleuve.broker.metadata.BrokerImage;
import io.fleuve.broker.network.ServerSettings;
import io.fleuve.broker.protocol.ProtocolSettings;
import io.fleuve.broker.transaction.TransactionSettings;
import io.fleuve.broker.upkeep.UpkeepSettings;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What can be set about a broker, below {@code fleuve.broker}.
 *
 * @param id the broker's id, unique in the cluster; {@code auto} takes one that no other broker has
 * @param store where record bytes go: a directory, as a path or a {@code file:} URI
 * @param heartbeatInterval how often the broker renews its lease and looks for newer metadata
 * @param leaseTime how long other brokers wait before they lead in its place
 * @param advertisedHost the host that clients are told to connect to; empty for the one listened on
 * @param advertisedPort the port that clients are told to connect to; 0 for the one listened on
 * @param external a second port, for clients that do not reach the address of the first
 * @param kafka the Kafka port and its bounds
 * @param topics how topics are created and read
 * @param groups how groups are coordinated
 * @param transactions bounds of transactions
 * @param log bounds of the log
 * @param upkeep bounds of the work in the background
 */
@ConfigurationProperties("fleuve.broker")
public record BrokerProperties(
        @DefaultValue("1") String id,
        @DefaultValue("./data/store") String store,
        @DefaultValue("1s") Duration heartbeatInterval,
        @DefaultValue("6s") Duration leaseTime,
        @DefaultValue("") String advertisedHost,
        @DefaultValue("0") int advertisedPort,
        @DefaultValue External external,
        ServerSettings kafka,
        ProtocolSettings topics,
        @DefaultValue GroupCoordinatorSettings groups,
        @DefaultValue Transactions transactions,
        @DefaultValue Log log,
        @DefaultValue Upkeep upkeep) {

    private static final Set<String> WILDCARDS = Set.of("0.0.0.0", "::", "[::]", "*");

    public BrokerProperties {
        if (store.isBlank()) {
            throw new IllegalArgumentException(
                    "fleuve.broker.store (FLEUVE_STORE) is empty; name a directory");
        }
        if (log.indexAge().multipliedBy(2).compareTo(upkeep.grace()) > 0) {
            throw new IllegalArgumentException(
                    "fleuve.broker.upkeep.grace (%s) must be at least twice fleuve.broker.log.index-age (%s)"
                            .formatted(upkeep.grace(), log.indexAge()));
        }
    }

    /**
     * The host that clients are told to connect to.
     *
     * @throws IllegalArgumentException if that would be an address that nobody can connect to
     */
    String clientHost() {
        return connectable(
                advertisedHost.isBlank() ? kafka.host() : advertisedHost,
                "fleuve.broker.advertised-host (FLEUVE_KAFKA_ADVERTISED_HOST)");
    }

    private static String connectable(String host, String property) {
        if (WILDCARDS.contains(host)) {
            throw new IllegalArgumentException(
                    "the broker listens on all addresses ("
                            + host
                            + "), so it must be told which one clients shall use: "
                            + property);
        }
        return host;
    }

    /**
     * A second port whose clients are told other addresses: those outside a container network, for
     * which the port is published under another name.
     *
     * @param host the address to listen on
     * @param port the port to listen on; 0 takes a free one, null opens none
     * @param advertisedHost the host that these clients are told to connect to; empty for the one
     *     listened on
     * @param advertisedPort the port that these clients are told to connect to; 0 for the one
     *     listened on
     */
    public record External(
            @DefaultValue("127.0.0.1") String host,
            @Nullable Integer port,
            @DefaultValue("") String advertisedHost,
            @DefaultValue("0") int advertisedPort) {

        public External {
            if (port != null && (port < 0 || port > 65_535)) {
                throw new IllegalArgumentException(
                        "fleuve.broker.external.port must be between 0 and 65535, not " + port);
            }
        }

        @Nullable InetSocketAddress listenAddress() {
            return port == null ? null : new InetSocketAddress(host, port);
        }

        /**
         * Where clients shall connect to.
         *
         * @param localPort the one listened on
         * @throws IllegalArgumentException if that would be an address that nobody can connect to
         */
        BrokerImage.Address clientAddress(int localPort) {
            return new BrokerImage.Address(
                    connectable(
                            advertisedHost.isBlank() ? host : advertisedHost,
                            "fleuve.broker.external.advertised-host (FLEUVE_KAFKA_EXTERNAL_ADVERTISED_HOST)"),
                    advertisedPort == 0 ? localPort : advertisedPort);
        }
    }

    /** Whether the broker is to take any id that is free. */
    boolean isIdAutomatic() {
        return id.strip().equalsIgnoreCase("auto");
    }

    /** The id that is set, which is not {@code auto}. */
    public int fixedId() {
        try {
            return Integer.parseInt(id.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "fleuve.broker.id (FLEUVE_BROKER_ID) must be a number or auto, not '"
                            + id
                            + "'",
                    e);
        }
    }

    /**
     * The store's directory.
     *
     * @throws IllegalArgumentException if the store is of a kind that is not known
     */
    Path storeDirectory() {
        if (store.startsWith("file:")) {
            return Path.of(URI.create(store));
        }
        if (store.matches("[a-z][a-z0-9+.-]+://.*")) {
            throw new IllegalArgumentException(
                    "fleuve.broker.store (FLEUVE_STORE) is "
                            + store
                            + ", but only a directory is supported: a path, or file:/path");
        }
        return Path.of(store);
    }

    /**
     * Bounds of transactions.
     *
     * @param maxTimeout how long a producer may keep a transaction open at most; Flink asks for an
     *     hour
     * @param idExpiration for how long an unused transactional id is remembered
     * @param checkInterval how often transactions whose time is over are looked for
     */
    public record Transactions(
            @DefaultValue("1h") Duration maxTimeout,
            @DefaultValue("7d") Duration idExpiration,
            @DefaultValue("2s") Duration checkInterval) {

        TransactionSettings settings() {
            return new TransactionSettings(maxTimeout, idExpiration, checkInterval);
        }
    }

    /**
     * Bounds of the log.
     *
     * @param maxQueued how much may wait to be written before producers are asked to try again
     * @param maxFlush how much one write takes
     * @param maxObject the size at which an intake object is closed
     * @param maxObjectAge the age at which an intake object is closed
     * @param maxObjectBatches the number of batches at which an intake object is closed
     * @param tailCache how much of what was just written stays in memory
     * @param readCache how much of what was just read stays in memory
     * @param maxStoreReads how many reads may be at the store at the same time
     * @param indexPieces how many places of pieces are remembered
     * @param indexAge for how long; less than {@code upkeep.grace}
     * @param peerPollInterval how often the ends of awaited logs are looked up while other brokers
     *     are alive
     * @param maxWait how long an append may wait to be written before producers are asked to try
     *     again
     * @param retryBackoff the pause before a commit of unknown outcome is asked for again
     */
    public record Log(
            @DefaultValue("64MB") DataSize maxQueued,
            @DefaultValue("4MB") DataSize maxFlush,
            @DefaultValue("64MB") DataSize maxObject,
            @DefaultValue("30s") Duration maxObjectAge,
            @DefaultValue("20000") int maxObjectBatches,
            @DefaultValue("64MB") DataSize tailCache,
            @DefaultValue("16MB") DataSize readCache,
            @DefaultValue("8") int maxStoreReads,
            @DefaultValue("8192") int indexPieces,
            @DefaultValue("30s") Duration indexAge,
            @DefaultValue("20ms") Duration peerPollInterval,
            @DefaultValue("15s") Duration maxWait,
            @DefaultValue("200ms") Duration retryBackoff) {

        LogSettings settings() {
            return new LogSettings(
                    Math.toIntExact(maxQueued.toBytes()),
                    Math.toIntExact(maxFlush.toBytes()),
                    maxObjectAge,
                    maxObjectBatches,
                    tailCache.toBytes(),
                    readCache.toBytes(),
                    maxStoreReads,
                    indexPieces,
                    indexAge,
                    peerPollInterval,
                    maxWait,
                    retryBackoff);
        }
    }

    /**
     * Bounds of the work in the background.
     *
     * @param interval how often it is looked whether there is something to do
     * @param smallPiece pieces of a log that are smaller are merged
     * @param mergedPiece how large merged pieces become
     * @param maxObject how large an object of merged pieces becomes
     * @param maxRate how much is written in a second
     * @param lease how long a broker may be at one piece of work before another takes it
     * @param retentionInterval how often old records are looked for
     * @param compactionInterval how often it is looked which topics are due for compaction
     * @param compactionKeys how many keys one pass of compaction remembers
     * @param sweepInterval how often dead objects are looked for
     * @param grace how long a dead object stays in the store
     * @param orphanInterval how often the store is searched for objects that the database does not
     *     know
     * @param orphanGrace how old such an object is before it is removed
     * @param producerInterval how often idle producers are looked for
     * @param producerExpiration how long an idle producer is remembered
     */
    public record Upkeep(
            @DefaultValue("1s") Duration interval,
            @DefaultValue("256KB") DataSize smallPiece,
            @DefaultValue("1MB") DataSize mergedPiece,
            @DefaultValue("64MB") DataSize maxObject,
            @DefaultValue("64MB") DataSize maxRate,
            @DefaultValue("5m") Duration lease,
            @DefaultValue("5m") Duration retentionInterval,
            @DefaultValue("15s") Duration compactionInterval,
            @DefaultValue("1000000") int compactionKeys,
            @DefaultValue("30s") Duration sweepInterval,
            @DefaultValue("2m") Duration grace,
            @DefaultValue("6h") Duration orphanInterval,
            @DefaultValue("24h") Duration orphanGrace,
            @DefaultValue("10m") Duration producerInterval,
            @DefaultValue("24h") Duration producerExpiration) {

        UpkeepSettings settings() {
            return new UpkeepSettings(
                    interval,
                    Math.toIntExact(smallPiece.toBytes()),
                    Math.toIntExact(mergedPiece.toBytes()),
                    Math.toIntExact(maxObject.toBytes()),
                    maxRate.toBytes(),
                    lease,
                    retentionInterval,
                    compactionInterval,
                    compactionKeys,
                    sweepInterval,
                    grace,
                    orphanInterval,
                    orphanGrace,
                    producerInterval,
                    producerExpiration);
        }
    }
}
