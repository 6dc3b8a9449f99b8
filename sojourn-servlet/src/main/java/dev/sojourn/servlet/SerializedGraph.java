package dev.sojourn.servlet;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectStreamConstants;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks through a serialized value without making any of it, and refuses one that is small on the wire and large once it is walked:
 * an object may stand at many places of a collection that itself stands at many places, and a set that is read hashes each of them
 * again. It follows the grammar of the Java Object Serialization Specification, chapter 6.
 *
 * <p>An object's weight is the number of objects that a walk from it meets, with those that it meets again counted again. Where a walk
 * comes back to an object that it is within, it ends.
 */
final class SerializedGraph implements ObjectStreamConstants {
    /** A collection whose parts stand at many places is hashed in well under a second up to here. */
    private static final long HEAVIEST = 2_000_000;

    private static final int DEEPEST = 500;

    private final DataInputStream in;
    private final List<Object> handles = new ArrayList<>();
    private int depth;

    /** What is known of an object by its handle. */
    private static final class Weighed {
        /** 1 while the object is being walked. */
        private long weight = 1;
    }

    private record Described(
            String name,
            int flags,
            List<Character> fields,
            @Nullable Described parent) {}

    private SerializedGraph(byte[] bytes) {
        in = new DataInputStream(new ByteArrayInputStream(bytes));
    }

    /**
     * Refuses a value that is too heavy, too deep, or not what serialization writes.
     *
     * @param bytes the serialized value
     * @throws IOException if it is to be refused
     */
    static void check(byte[] bytes) throws IOException {
        SerializedGraph graph = new SerializedGraph(bytes);
        if (graph.in.readShort() != STREAM_MAGIC || graph.in.readShort() != STREAM_VERSION) {
            throw new InvalidObjectException("not a serialized value");
        }
        graph.content(graph.in.readByte());
    }

    /** Walks one object, and gives its weight. */
    private long content(byte kind) throws IOException {
        if (++depth > DEEPEST) {
            throw new InvalidObjectException("a serialized value is nested too deep");
        }
        long weight = switch (kind) {
            case TC_NULL -> 0;
            case TC_REFERENCE -> handle() instanceof Weighed known ? known.weight : 1;
            case TC_OBJECT -> object();
            case TC_ARRAY -> array();
            case TC_STRING -> {
                in.skipNBytes(in.readUnsignedShort());
                yield light();
            }
            case TC_LONGSTRING -> {
                in.skipNBytes(in.readLong());
                yield light();
            }
            case TC_ENUM -> {
                description();
                light();
                yield content(in.readByte());
            }
            case TC_CLASS -> {
                description();
                yield light();
            }
            case TC_CLASSDESC, TC_PROXYCLASSDESC -> {
                described(kind);
                yield 1;
            }
            default -> throw new InvalidObjectException("not a serialized value");
        };
        depth--;
        return weight;
    }

    private long light() {
        handles.add(new Weighed());
        return 1;
    }

    private Object handle() throws IOException {
        int at = in.readInt() - baseWireHandle;
        if (at < 0 || at >= handles.size()) {
            throw new InvalidObjectException("a serialized value refers to what is not there");
        }
        return handles.get(at);
    }

    private long object() throws IOException {
        Described type = description();
        Weighed weighed = new Weighed();
        handles.add(weighed);
        long weight = type == null ? 1 : heavier(1, data(type));
        weighed.weight = weight;
        return weight;
    }

    private static long heavier(long weight, long more) throws IOException {
        if (weight + more > HEAVIEST) {
            throw new InvalidObjectException("a serialized value holds the same objects at too many places");
        }
        return weight + more;
    }

    private long data(Described type) throws IOException {
        long weight = type.parent() == null ? 0 : data(type.parent());
        if ((type.flags() & SC_SERIALIZABLE) != 0) {
            for (char field : type.fields()) {
                weight = heavier(weight, value(field));
            }
        } else if ((type.flags() & SC_EXTERNALIZABLE) == 0) {
            return weight;
        } else if ((type.flags() & SC_BLOCK_DATA) == 0) {
            throw new InvalidObjectException("a serialized value is written by an old protocol");
        }
        boolean hasMore = (type.flags() & (SC_WRITE_METHOD | SC_EXTERNALIZABLE)) != 0;
        return hasMore ? heavier(weight, annotations()) : weight;
    }

    private long value(char type) throws IOException {
        switch (type) {
            case 'B', 'Z' -> in.skipNBytes(1);
            case 'C', 'S' -> in.skipNBytes(2);
            case 'I', 'F' -> in.skipNBytes(4);
            case 'J', 'D' -> in.skipNBytes(8);
            case 'L', '[' -> {
                return content(in.readByte());
            }
            default -> throw new InvalidObjectException("not a serialized value");
        }
        return 0;
    }

    /** What a class wrote beside its fields. */
    private long annotations() throws IOException {
        long weight = 0;
        for (byte kind = in.readByte(); kind != TC_ENDBLOCKDATA; kind = in.readByte()) {
            if (kind == TC_BLOCKDATA) {
                in.skipNBytes(in.readUnsignedByte());
            } else if (kind == TC_BLOCKDATALONG) {
                in.skipNBytes(in.readInt());
            } else {
                weight = heavier(weight, content(kind));
            }
        }
        return weight;
    }

    private long array() throws IOException {
        Described type = description();
        Weighed weighed = new Weighed();
        handles.add(weighed);
        if (type == null || type.name().length() < 2) {
            throw new InvalidObjectException("not a serialized value");
        }
        char element = type.name().charAt(1);
        long weight = 1;
        for (int i = in.readInt(); i > 0; i--) {
            weight = heavier(weight, value(element));
        }
        weighed.weight = weight;
        return weight;
    }

    private @Nullable Described description() throws IOException {
        return described(in.readByte());
    }

    private @Nullable Described described(byte kind) throws IOException {
        switch (kind) {
            case TC_NULL -> {
                return null;
            }
            case TC_REFERENCE -> {
                if (handle() instanceof Described known) {
                    return known;
                }
                throw new InvalidObjectException("not a serialized value");
            }
            case TC_CLASSDESC -> {
                return newDescription();
            }
            case TC_PROXYCLASSDESC -> {
                int at = reserve();
                for (int i = in.readInt(); i > 0; i--) {
                    in.readUTF();
                }
                annotations();
                return settle(at, new Described("proxy", SC_SERIALIZABLE, List.of(), description()));
            }
            default -> throw new InvalidObjectException("not a serialized value");
        }
    }

    private Described newDescription() throws IOException {
        String name = in.readUTF();
        in.readLong();
        int at = reserve();
        int flags = in.readUnsignedByte();
        List<Character> fields = new ArrayList<>();
        for (int i = in.readUnsignedShort(); i > 0; i--) {
            char type = (char) in.readUnsignedByte();
            in.readUTF();
            fields.add(type);
            if (type == 'L' || type == '[') {
                content(in.readByte());
            }
        }
        annotations();
        // Its parent may refer to it, and nothing to its parent before.
        handles.set(at, new Described(name, flags, fields, null));
        return settle(at, new Described(name, flags, fields, description()));
    }

    private int reserve() {
        handles.add(new Weighed());
        return handles.size() - 1;
    }

    private Described settle(int at, Described description) {
        handles.set(at, description);
        return description;
    }
}
