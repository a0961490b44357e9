package io.fleuve.conformance.fuzz;

import io.fleuve.conformance.fuzz.RequestFrame.Kind;
import io.fleuve.conformance.fuzz.RequestFrame.Mark;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.types.ArrayOf;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.NullableSchema;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.utils.ByteUtils;
import org.jspecify.annotations.Nullable;

/**
 * Writes a valid request of any API at any version from Kafka's own schemas, filled with plausible
 * data, and notes where its lengths, counts and numbers are.
 */
final class RequestGenerator {

    private static final int MAX_ELEMENTS = 3;
    private static final short FLEXIBLE_HEADER = 2;

    private final SplittableRandom random;
    private final PlausibleValues values;
    private final Supplier<byte[]> batches;
    private final ByteBuffer out;
    private List<Mark> marks = new ArrayList<>();
    private ApiKeys api = ApiKeys.API_VERSIONS;

    /**
     * @param batches what stands where records stand
     * @param out where requests are put together
     */
    RequestGenerator(
            SplittableRandom random,
            PlausibleValues values,
            Supplier<byte[]> batches,
            ByteBuffer out) {
        this.out = out;
        this.random = random;
        this.values = values;
        this.batches = batches;
    }

    /** A request. */
    RequestFrame request(ApiKeys key, short version, int correlationId) {
        out.clear();
        marks = new ArrayList<>();
        api = key;
        ApiMessageType type = key.messageType;
        out.putShort(key.id).putShort(version).putInt(correlationId);
        mark(Kind.SHORT_LENGTH, Short.BYTES);
        string("fuzz", false, false);
        if (type.requestHeaderVersion(version) >= FLEXIBLE_HEADER) {
            mark(Kind.TAG_COUNT, 1);
            out.put((byte) 0);
        }
        write(type.requestSchemas()[version], "", "");
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return new RequestFrame(bytes, marks);
    }

    private void mark(Kind kind, int width) {
        marks.add(new Mark(kind, out.position(), width));
    }

    private void write(Type type, String parent, String field) {
        switch (type) {
            case NullableSchema struct -> {
                boolean present = random.nextInt(4) > 0;
                out.put((byte) (present ? 1 : -1));
                if (present) {
                    struct(struct, field);
                }
            }
            case Schema struct -> struct(struct, field);
            case TaggedFields _ -> {
                mark(Kind.TAG_COUNT, 1);
                out.put((byte) 0);
            }
            case ArrayOf array -> {
                int count = count(array.isNullable(), field);
                mark(Kind.LENGTH, Integer.BYTES);
                out.putInt(count);
                elements(array.arrayElementType().orElseThrow(), count, field);
            }
            case CompactArrayOf array -> {
                int count = count(array.isNullable(), field);
                mark(Kind.COMPACT_LENGTH, 1);
                ByteUtils.writeUnsignedVarint(count + 1, out);
                elements(array.arrayElementType().orElseThrow(), count, field);
            }
            default -> scalar(type, parent, field);
        }
    }

    private void struct(Schema schema, String name) {
        for (BoundField field : schema.fields()) {
            write(field.def.type, name, field.def.name);
        }
    }

    private int count(boolean nullable, String field) {
        if (nullable && random.nextInt(8) == 0) {
            return -1;
        }
        int count = random.nextInt(MAX_ELEMENTS + 1);
        return values.needsElements(field) ? Math.max(1, count) : count;
    }

    private void elements(Type type, int count, String field) {
        for (int i = 0; i < count; i++) {
            write(type, field, field);
        }
    }

    private void scalar(Type type, String parent, String field) {
        if (type == Type.BOOLEAN) {
            out.put((byte) random.nextInt(2));
        } else if (type == Type.INT8) {
            number(Byte.BYTES);
            out.put((byte) values.number(field));
        } else if (type == Type.INT16 || type == Type.UINT16) {
            number(Short.BYTES);
            out.putShort((short) values.number(field));
        } else if (type == Type.INT32 || type == Type.UNSIGNED_INT32) {
            number(Integer.BYTES);
            out.putInt((int) values.number(field));
        } else if (type == Type.INT64) {
            number(Long.BYTES);
            out.putLong(values.number(field));
        } else if (type == Type.FLOAT64) {
            number(Long.BYTES);
            out.putDouble(random.nextDouble());
        } else if (type == Type.UUID) {
            Uuid id = values.topicId(api);
            out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        } else {
            lengthPrefixed(type, parent, field);
        }
    }

    private void number(int width) {
        mark(Kind.NUMBER, width);
    }

    private void lengthPrefixed(Type type, String parent, String field) {
        boolean nullable = type.isNullable();
        if (type == Type.STRING || type == Type.NULLABLE_STRING) {
            mark(Kind.SHORT_LENGTH, Short.BYTES);
            string(values.text(api, parent, field, nullable), false, true);
        } else if (type == Type.COMPACT_STRING || type == Type.COMPACT_NULLABLE_STRING) {
            mark(Kind.COMPACT_LENGTH, 1);
            string(values.text(api, parent, field, nullable), true, true);
        } else if (type == Type.BYTES || type == Type.NULLABLE_BYTES) {
            bytes(values.bytes(), false);
        } else if (type == Type.COMPACT_BYTES || type == Type.COMPACT_NULLABLE_BYTES) {
            bytes(values.bytes(), true);
        } else if (type == Type.RECORDS || type == Type.NULLABLE_RECORDS) {
            bytes(batches.get(), false);
        } else if (type == Type.COMPACT_RECORDS || type == Type.COMPACT_NULLABLE_RECORDS) {
            bytes(batches.get(), true);
        } else {
            throw new IllegalStateException("a type that is not known: " + type);
        }
    }

    private void string(@Nullable String text, boolean compact, boolean nullable) {
        if (text == null) {
            if (!nullable) {
                throw new IllegalStateException("no null here");
            }
            if (compact) {
                out.put((byte) 0);
            } else {
                out.putShort((short) -1);
            }
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (compact) {
            ByteUtils.writeUnsignedVarint(utf8.length + 1, out);
        } else {
            out.putShort((short) utf8.length);
        }
        out.put(utf8);
    }

    private void bytes(byte[] content, boolean compact) {
        if (compact) {
            mark(Kind.COMPACT_LENGTH, ByteUtils.sizeOfUnsignedVarint(content.length + 1));
            ByteUtils.writeUnsignedVarint(content.length + 1, out);
        } else {
            mark(Kind.LENGTH, Integer.BYTES);
            out.putInt(content.length);
        }
        out.put(content);
    }
}
