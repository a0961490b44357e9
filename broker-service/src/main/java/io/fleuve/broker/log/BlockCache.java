package io.fleuve.broker.log;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A bounded cache of blocks of logs, the oldest leaving first.
 *
 * <p>A block is a run of whole batches with their offsets in place. Blocks of one log may have gaps
 * between them (what another broker wrote); a lookup stops at a gap. What leaves the cache stays
 * valid for those who hold it.
 */
final class BlockCache {

    private static final int OVERHEAD_BYTES = 256;

    private final long maxBytes;
    private final Map<Long, TreeMap<Long, Block>> blocksByLog = new HashMap<>();
    private final ArrayDeque<Block> byAge = new ArrayDeque<>();
    private long sizeBytes;

    BlockCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Adds a block, unless one that begins at the same offset is there. */
    synchronized void add(long logId, long baseOffset, long lastOffset, ByteBuffer bytes) {
        TreeMap<Long, Block> blocks = blocksByLog.computeIfAbsent(logId, id -> new TreeMap<>());
        Block block = new Block(logId, baseOffset, lastOffset, bytes.asReadOnlyBuffer());
        if (blocks.putIfAbsent(baseOffset, block) != null) {
            return;
        }
        byAge.add(block);
        sizeBytes += block.weight();
        while (sizeBytes > maxBytes && byAge.size() > 1) {
            evictOldest();
        }
    }

    /** Drops all blocks of a log. */
    synchronized void forget(long logId) {
        if (blocksByLog.remove(logId) != null) {
            byAge.removeIf(
                    block -> {
                        if (block.logId != logId) {
                            return false;
                        }
                        sizeBytes -= block.weight();
                        return true;
                    });
        }
    }

    synchronized long sizeBytes() {
        return sizeBytes;
    }

    /**
     * Whole batches from the one that contains {@code offset} on and before {@code endOffset},
     * without a gap, of at most {@code maxBytes} bytes unless the first alone is larger and {@code
     * atLeastOneBatch} is set. Null if the offset is not cached.
     */
    @Nullable List<ByteBuffer> find(
            long logId, long offset, long endOffset, int maxBytes, boolean atLeastOneBatch) {
        List<Block> run = run(logId, offset, endOffset, maxBytes);
        if (run.isEmpty()) {
            return null;
        }
        List<ByteBuffer> found = new ArrayList<>(run.size());
        int room = maxBytes;
        for (Block block : run) {
            ByteBuffer slice =
                    Batches.slice(block.bytes, offset, room, atLeastOneBatch && found.isEmpty());
            if (slice.hasRemaining()) {
                found.add(slice);
                room -= slice.remaining();
            }
            if (slice.limit() < block.bytes.limit()) {
                break;
            }
        }
        return found;
    }

    private synchronized List<Block> run(long logId, long offset, long endOffset, int maxBytes) {
        TreeMap<Long, Block> blocks = blocksByLog.get(logId);
        if (blocks == null) {
            return List.of();
        }
        Map.Entry<Long, Block> floor = blocks.floorEntry(offset);
        if (floor == null || floor.getValue().lastOffset < offset) {
            return List.of();
        }
        List<Block> run = new ArrayList<>();
        long size = 0;
        long next = floor.getKey();
        for (Block block : blocks.tailMap(floor.getKey(), true).values()) {
            if (block.baseOffset != next || block.baseOffset >= endOffset || size > maxBytes) {
                break;
            }
            run.add(block);
            // The first may begin long before the offset: it does not count.
            size += run.size() == 1 ? 0 : block.bytes.remaining();
            next = block.lastOffset + 1;
        }
        return run;
    }

    private void evictOldest() {
        Block oldest = byAge.remove();
        sizeBytes -= oldest.weight();
        TreeMap<Long, Block> blocks = blocksByLog.get(oldest.logId);
        if (blocks != null && blocks.remove(oldest.baseOffset, oldest) && blocks.isEmpty()) {
            blocksByLog.remove(oldest.logId);
        }
    }

    private record Block(long logId, long baseOffset, long lastOffset, ByteBuffer bytes) {

        /** Bytes of the records and of the objects around them. */
        int weight() {
            return bytes.remaining() + OVERHEAD_BYTES;
        }
    }
}
