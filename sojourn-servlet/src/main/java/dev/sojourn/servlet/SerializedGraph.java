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
 * Walks through a serialized value without creating its objects, and rejects one that is small when stored but expensive to
 * read: many collections may refer to the same object and be referred to many times themselves, and a set hashes each reference
 * again. Follows the grammar of the Java Object Serialization Specification, chapter 6.
 *
 * <p>An object's weight is the number of objects that a walk from it visits, counted once per visit. A walk does not enter an
 * object that it is already inside.
 */
final class SerializedGraph implements ObjectStreamConstants {
    /** Up to this weight a collection is hashed in well under a second. */
    private static final long MAX_WEIGHT = 2_000_000;

    private static final int MAX_DEPTH = 500;

    private final DataInputStream in;
    private final List<Object> handles = new ArrayList<>();
    private int depth;

    /** The weight of the object of a handle. */
    private static final class ObjectWeight {
        /** 1 while the object is being walked. */
        private long weight = 1;
    }

    private record ClassDescription(
            String name,
            int flags,
            List<Character> fields,
            @Nullable ClassDescription parent) {}

    private SerializedGraph(byte[] bytes) {
        in = new DataInputStream(new ByteArrayInputStream(bytes));
    }

    /**
     * Rejects a value that is too heavy, nested too deep, or not well-formed.
     *
     * @param bytes the serialized value
     * @throws IOException if the value is rejected
     */
    static void check(byte[] bytes) throws IOException {
        SerializedGraph graph = new SerializedGraph(bytes);
        if (graph.in.readShort() != STREAM_MAGIC || graph.in.readShort() != STREAM_VERSION) {
            throw new InvalidObjectException("not a serialized value");
        }
        graph.readContent(graph.in.readByte());
    }

    /** Walks one object and returns its weight. */
    private long readContent(byte kind) throws IOException {
        if (++depth > MAX_DEPTH) {
            throw new InvalidObjectException("a serialized value is nested too deep");
        }
        long weight = switch (kind) {
            case TC_NULL -> 0;
            case TC_REFERENCE -> readHandle() instanceof ObjectWeight known ? known.weight : 1;
            case TC_OBJECT -> readObject();
            case TC_ARRAY -> readArray();
            case TC_STRING -> {
                in.skipNBytes(in.readUnsignedShort());
                yield addLeaf();
            }
            case TC_LONGSTRING -> {
                in.skipNBytes(in.readLong());
                yield addLeaf();
            }
            case TC_ENUM -> {
                readDescription();
                addLeaf();
                yield readContent(in.readByte());
            }
            case TC_CLASS -> {
                readDescription();
                yield addLeaf();
            }
            case TC_CLASSDESC, TC_PROXYCLASSDESC -> {
                readDescriptionOfKind(kind);
                yield 1;
            }
            default -> throw new InvalidObjectException("not a serialized value");
        };
        depth--;
        return weight;
    }

    private long addLeaf() {
        handles.add(new ObjectWeight());
        return 1;
    }

    private Object readHandle() throws IOException {
        int at = in.readInt() - baseWireHandle;
        if (at < 0 || at >= handles.size()) {
            throw new InvalidObjectException("a serialized value refers to an object that does not exist");
        }
        return handles.get(at);
    }

    private long readObject() throws IOException {
        ClassDescription type = readDescription();
        ObjectWeight weighed = new ObjectWeight();
        handles.add(weighed);
        long weight = type == null ? 1 : addWeight(1, readData(type));
        weighed.weight = weight;
        return weight;
    }

    private static long addWeight(long weight, long more) throws IOException {
        if (weight + more > MAX_WEIGHT) {
            throw new InvalidObjectException("a serialized value refers to the same objects too often");
        }
        return weight + more;
    }

    private long readData(ClassDescription type) throws IOException {
        long weight = type.parent() == null ? 0 : readData(type.parent());
        if ((type.flags() & SC_SERIALIZABLE) != 0) {
            for (char field : type.fields()) {
                weight = addWeight(weight, readValue(field));
            }
        } else if ((type.flags() & SC_EXTERNALIZABLE) == 0) {
            return weight;
        } else if ((type.flags() & SC_BLOCK_DATA) == 0) {
            throw new InvalidObjectException("a serialized value uses an old protocol");
        }
        boolean hasMore = (type.flags() & (SC_WRITE_METHOD | SC_EXTERNALIZABLE)) != 0;
        return hasMore ? addWeight(weight, readAnnotations()) : weight;
    }

    private long readValue(char type) throws IOException {
        switch (type) {
            case 'B', 'Z' -> in.skipNBytes(1);
            case 'C', 'S' -> in.skipNBytes(2);
            case 'I', 'F' -> in.skipNBytes(4);
            case 'J', 'D' -> in.skipNBytes(8);
            case 'L', '[' -> {
                return readContent(in.readByte());
            }
            default -> throw new InvalidObjectException("not a serialized value");
        }
        return 0;
    }

    /** Reads what a class wrote in addition to its fields. */
    private long readAnnotations() throws IOException {
        long weight = 0;
        for (byte kind = in.readByte(); kind != TC_ENDBLOCKDATA; kind = in.readByte()) {
            if (kind == TC_BLOCKDATA) {
                in.skipNBytes(in.readUnsignedByte());
            } else if (kind == TC_BLOCKDATALONG) {
                in.skipNBytes(in.readInt());
            } else {
                weight = addWeight(weight, readContent(kind));
            }
        }
        return weight;
    }

    private long readArray() throws IOException {
        ClassDescription type = readDescription();
        ObjectWeight weighed = new ObjectWeight();
        handles.add(weighed);
        if (type == null || type.name().length() < 2) {
            throw new InvalidObjectException("not a serialized value");
        }
        char element = type.name().charAt(1);
        long weight = 1;
        for (int i = in.readInt(); i > 0; i--) {
            weight = addWeight(weight, readValue(element));
        }
        weighed.weight = weight;
        return weight;
    }

    private @Nullable ClassDescription readDescription() throws IOException {
        return readDescriptionOfKind(in.readByte());
    }

    private @Nullable ClassDescription readDescriptionOfKind(byte kind) throws IOException {
        switch (kind) {
            case TC_NULL -> {
                return null;
            }
            case TC_REFERENCE -> {
                if (readHandle() instanceof ClassDescription known) {
                    return known;
                }
                throw new InvalidObjectException("not a serialized value");
            }
            case TC_CLASSDESC -> {
                return readNewDescription();
            }
            case TC_PROXYCLASSDESC -> {
                int at = reserveHandle();
                for (int i = in.readInt(); i > 0; i--) {
                    in.readUTF();
                }
                readAnnotations();
                return setHandle(at, new ClassDescription("proxy", SC_SERIALIZABLE, List.of(), readDescription()));
            }
            default -> throw new InvalidObjectException("not a serialized value");
        }
    }

    private ClassDescription readNewDescription() throws IOException {
        String name = in.readUTF();
        in.readLong();
        int at = reserveHandle();
        int flags = in.readUnsignedByte();
        List<Character> fields = new ArrayList<>();
        for (int i = in.readUnsignedShort(); i > 0; i--) {
            char type = (char) in.readUnsignedByte();
            in.readUTF();
            fields.add(type);
            if (type == 'L' || type == '[') {
                readContent(in.readByte());
            }
        }
        readAnnotations();
        // The description of the superclass may refer to this one.
        handles.set(at, new ClassDescription(name, flags, fields, null));
        return setHandle(at, new ClassDescription(name, flags, fields, readDescription()));
    }

    private int reserveHandle() {
        handles.add(new ObjectWeight());
        return handles.size() - 1;
    }

    private ClassDescription setHandle(int at, ClassDescription description) {
        handles.set(at, description);
        return description;
    }
}
