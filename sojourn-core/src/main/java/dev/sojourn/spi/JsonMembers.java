package dev.sojourn.spi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * The members of one JSON object, in order, each with its original bytes. Unchanged members are copied byte for byte,
 * so a number like {@code 1.50} or one of twenty digits survives a reader that does not know it.
 *
 * <p>A member can carry a mark next to its value: information about the value, kept where the value's writer cannot
 * reach it.
 *
 * <p>Immutable and thread-safe. If a name occurs twice, the last one counts.
 */
public final class JsonMembers {
    private static final Member[] NO_MEMBERS = {};

    /** The name of a member that was set is written together with all members, not once more before. */
    private static final int UNWRITTEN = -1;

    /** Up to this number, searching and copying members is cheaper than hashing their names. */
    private static final int FEW = 16;

    /**
     * An attribute that is too long or too deep for the application's mapper affects only that attribute: the record is
     * bounded by its size. Values are skipped here without recursion.
     */
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(100_000)
            .maxNumberLength(Integer.MAX_VALUE)
            .maxNameLength(Integer.MAX_VALUE)
            .maxStringLength(Integer.MAX_VALUE)
            .build();

    /** UTF-8 only: in other encodings Jackson has no byte offsets, and members could not be copied. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .streamReadConstraints(LIMITS)
            .build();

    /** No members. */
    public static final JsonMembers EMPTY = new JsonMembers(NO_MEMBERS);

    private final Member[] members;
    /** Created when it pays off. Threads that create it concurrently create equal ones. */
    private @Nullable Index index;

    private int lookups;

    private JsonMembers(Member[] members) {
        this.members = members;
    }

    /**
     * One value within its source. Not copied: the source is never written to.
     *
     * @param source the bytes around it
     * @param from where the value begins
     * @param to where the value ends, exclusive
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes handed over, never compared as a record
    public record Slice(byte[] source, int from, int to) {
        /**
         * Returns the length of the value.
         *
         * @return the number of bytes
         */
        public int length() {
            return to - from;
        }

        /**
         * Returns the value alone.
         *
         * @return a copy of its bytes
         */
        public byte[] bytes() {
            return Arrays.copyOfRange(source, from, to);
        }

        /**
         * Returns whether another value has exactly the same bytes.
         *
         * @param other the other value
         * @return true if no byte differs
         */
        public boolean sameBytes(Slice other) {
            return Arrays.equals(source, from, to, other.source, other.from, other.to);
        }

        /** Omits the value. */
        @Override
        public String toString() {
            return "Slice[" + length() + " bytes]";
        }
    }

    /**
     * One member.
     *
     * @param nameFrom where its name begins within the source, or {@link #UNWRITTEN} if the source is the value alone
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes handed over, never compared as a record
    private record Member(
            String name,
            byte[] source,
            int nameFrom,
            int from,
            int to,
            @Nullable String mark) {
        static Member of(String name, byte[] json, @Nullable String mark) {
            return new Member(name, json, UNWRITTEN, 0, json.length, mark);
        }

        Slice value() {
            return new Slice(source, from, to);
        }

        boolean holds(byte[] json, @Nullable String as) {
            return Objects.equals(mark, as) && Arrays.equals(source, from, to, json, 0, json.length);
        }

        boolean sameAs(Member other) {
            return Objects.equals(mark, other.mark)
                    && Arrays.equals(source, from, to, other.source, other.from, other.to);
        }

        Member withMark(@Nullable String as) {
            return new Member(name, source, nameFrom, from, to, as);
        }

        /** Returns the number of bytes that {@link #writeTo} writes. */
        int length() {
            return to - (nameFrom == UNWRITTEN ? from - lengthOf(name) : nameFrom);
        }

        void writeTo(ByteArrayOutputStream out) {
            if (nameFrom == UNWRITTEN) {
                out.writeBytes(quote(name));
                out.write(':');
                out.write(source, from, to - from);
            } else {
                out.write(source, nameFrom, to - nameFrom);
            }
        }

        private static int lengthOf(String name) {
            return isPlain(name) ? name.length() + 3 : quote(name).length + 1;
        }
    }

    /** The position of each of many names. */
    private record Index(Map<String, Integer> places) {
        static Index of(Member[] members) {
            Map<String, Integer> places = new HashMap<>(members.length * 2);
            for (int i = 0; i < members.length; i++) {
                places.put(members[i].name, i);
            }
            return new Index(places);
        }
    }

    /**
     * Creates a parser with byte offsets that {@link #read} can rely on: it assumes UTF-8, and skips values of any
     * length and depth.
     *
     * @param utf8 the text
     * @return the parser, before its first token
     */
    public static JsonParser parser(byte[] utf8) {
        return JSON.createParser(ObjectReadContext.empty(), utf8);
    }

    /**
     * Reads the members of the object whose {@code START_OBJECT} is the parser's current token, and leaves the parser
     * at its {@code END_OBJECT}.
     *
     * @param parser a parser over {@code source} from its first byte on
     * @param source the bytes that the parser reads; kept, not copied
     * @return the members
     */
    public static JsonMembers read(JsonParser parser, byte[] source) {
        List<Member> found = new ArrayList<>(8);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            int nameFrom = (int) parser.currentTokenLocation().getByteOffset();
            parser.nextToken();
            found.add(new Member(name, source, nameFrom, startOfValue(source, nameFrom), endOfValue(parser), null));
        }
        return found.isEmpty() ? EMPTY : new JsonMembers(found.toArray(NO_MEMBERS));
    }

    /**
     * Returns where the value after a name begins. The parser has passed both, so only the closing quote, the colon and
     * blanks remain; asking the parser for the location would cost one object for each member.
     */
    private static int startOfValue(byte[] source, int nameFrom) {
        int at = nameFrom + 1;
        while (source[at] != '"') {
            at += source[at] == '\\' ? 2 : 1;
        }
        do {
            at++;
        } while (source[at] == ':'
                || source[at] == ' '
                || source[at] == '\t'
                || source[at] == '\n'
                || source[at] == '\r');
        return at;
    }

    /**
     * Returns where the value that begins at the parser's current token ends, and moves the parser past it. The token
     * must be finished first: Jackson reads texts lazily and would return the offset after the opening quote.
     */
    private static int endOfValue(JsonParser parser) {
        parser.skipChildren();
        parser.finishToken();
        return (int) parser.currentLocation().getByteOffset();
    }

    /**
     * Returns the value of a member.
     *
     * @param name the member's name
     * @return its value, or null if there is no such member
     */
    public @Nullable Slice get(String name) {
        int at = indexOf(name);
        return at < 0 ? null : members[at].value();
    }

    /**
     * Returns the mark of a member. It is not part of the value, so no writer of values can set it; it is removed when
     * its member is removed or set without one.
     *
     * @param name the member's name
     * @return its mark, or null if there is no such member or it has none
     */
    public @Nullable String mark(String name) {
        int at = indexOf(name);
        return at < 0 ? null : members[at].mark;
    }

    /**
     * Returns the marks of all members that have one.
     *
     * @return the marks by the members' names, in the members' order
     */
    public Map<String, String> marks() {
        Map<String, String> marks = Map.of();
        for (int i = 0; i < members.length; i++) {
            String mark = members[i].mark;
            if (mark != null && indexOf(members[i].name) == i) {
                marks = marks.isEmpty() ? new LinkedHashMap<>(4) : marks;
                marks.put(members[i].name, mark);
            }
        }
        return marks;
    }

    /**
     * Returns these members with other marks.
     *
     * @param marks the marks by the members' names; one without its member is ignored
     * @return the members, with only these marks
     */
    public JsonMembers withMarks(Map<String, String> marks) {
        Member[] marked = members.clone();
        for (int i = 0; i < marked.length; i++) {
            marked[i] = marked[i].withMark(marks.get(marked[i].name));
        }
        return new JsonMembers(marked);
    }

    /**
     * Returns the names, each once, in order.
     *
     * @return the names
     */
    public List<String> names() {
        List<String> names = new ArrayList<>(members.length);
        for (int i = 0; i < members.length; i++) {
            if (indexOf(members[i].name) == i) {
                names.add(members[i].name);
            }
        }
        return List.copyOf(names);
    }

    /**
     * Returns whether there are more names than a number.
     *
     * @param count the number
     * @return false if there are as many or fewer
     */
    public boolean hasMoreThan(int count) {
        return members.length > count && names().size() > count;
    }

    /**
     * Returns a draft of these members, for several changes.
     *
     * @return the draft
     */
    public Draft draft() {
        return new Draft(this);
    }

    /**
     * Returns whether there are no members.
     *
     * @return true if there are none
     */
    public boolean isEmpty() {
        return members.length == 0;
    }

    /**
     * Returns these members with one set, without a mark. An existing member keeps its place.
     *
     * @param name the member's name
     * @param json its value, one JSON value; kept, not copied
     * @return the members; this instance if the value already has the same bytes and no mark
     */
    public JsonMembers with(String name, byte[] json) {
        return with(name, json, null);
    }

    /**
     * Returns these members with one set that carries a mark. An existing member keeps its place.
     *
     * @param name the member's name
     * @param json its value, one JSON value; kept, not copied
     * @param mark information about the value that must not be part of it, or null for none
     * @return the members; this instance if the value already has the same bytes and the same mark
     */
    public JsonMembers with(String name, byte[] json, @Nullable String mark) {
        int at = indexOf(name);
        if (at >= 0 && members[at].holds(json, mark)) {
            return this;
        }
        Member member = Member.of(name, json, mark);
        if (at >= 0) {
            Member[] changed = members.clone();
            changed[at] = member;
            return new JsonMembers(changed);
        }
        Member[] longer = Arrays.copyOf(members, members.length + 1);
        longer[members.length] = member;
        return new JsonMembers(longer);
    }

    /**
     * Returns these members without one.
     *
     * @param name the member's name
     * @return the members; this instance if there is no such member
     */
    public JsonMembers without(String name) {
        if (indexOf(name) < 0) {
            return this;
        }
        Member[] rest = Arrays.stream(members)
                .filter(member -> !member.name.equals(name))
                .toArray(Member[]::new);
        return rest.length == 0 ? EMPTY : new JsonMembers(rest);
    }

    /**
     * Returns whether other members have the same names with the same bytes and marks, in any order.
     *
     * @param other the other members
     * @return true if only the order differs
     */
    public boolean sameAs(JsonMembers other) {
        if (this == other) {
            return true;
        }
        int alike = 0;
        if (members.length == other.members.length) {
            while (alike < members.length && members[alike].name.equals(other.members[alike].name)) {
                Member mine = members[alike];
                Member theirs = other.members[alike];
                if (!mine.sameAs(theirs)) {
                    boolean bothCount = indexOf(mine.name) == alike && other.indexOf(mine.name) == alike;
                    if (bothCount) {
                        return false;
                    }
                    break;
                }
                alike++;
            }
            if (alike == members.length) {
                return true;
            }
        }
        return sameInAnyOrder(other);
    }

    private boolean sameInAnyOrder(JsonMembers other) {
        List<String> names = names();
        if (names.size() != other.names().size()) {
            return false;
        }
        for (String name : names) {
            int mine = indexOf(name);
            int theirs = other.indexOf(name);
            if (theirs < 0 || !members[mine].sameAs(other.members[theirs])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes the members, separated by commas, without braces.
     *
     * @param out the target
     */
    public void writeTo(ByteArrayOutputStream out) {
        for (int i = 0; i < members.length; i++) {
            Member member = members[i];
            if (i > 0) {
                out.write(',');
            }
            member.writeTo(out);
        }
    }

    /**
     * Returns how many bytes {@link #writeTo} writes.
     *
     * @return the number of bytes
     */
    public int length() {
        int length = Math.max(0, members.length - 1);
        for (Member member : members) {
            length += member.length();
        }
        return length;
    }

    /** Shows the number of members only; names and values stay out of logs. */
    @Override
    public String toString() {
        return "JsonMembers[" + members.length + "]";
    }

    /** Searches from the end, so that the last of two equal names counts, as in every common JSON reader. */
    private int indexOf(String name) {
        Index known = index;
        if (known == null && members.length > FEW && ++lookups > FEW) {
            known = Index.of(members);
            index = known;
        }
        if (known != null) {
            return known.places.getOrDefault(name, -1);
        }
        for (int i = members.length - 1; i >= 0; i--) {
            if (members[i].name.equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private static byte[] quote(String name) {
        if (!isPlain(name)) {
            return ('"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(name)) + '"')
                    .getBytes(StandardCharsets.UTF_8);
        }
        byte[] quoted = new byte[name.length() + 2];
        quoted[0] = '"';
        for (int i = 0; i < name.length(); i++) {
            quoted[i + 1] = (byte) name.charAt(i);
        }
        quoted[quoted.length - 1] = '"';
        return quoted;
    }

    /** Returns whether a name is printable ASCII that JSON writes unchanged: most names are, and need no encoder. */
    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /**
     * Members that are being changed: any number of changes costs about as much as reading all members once. Not
     * thread-safe.
     */
    public static final class Draft {
        /** The members as last built; with few members or few changes, always current. */
        private JsonMembers made;
        /** All members by name, once there are many changes. */
        private @Nullable Map<String, Member> all;

        private int changes;
        private boolean stale;

        private Draft(JsonMembers from) {
            this.made = from;
        }

        /**
         * Returns the value of a member.
         *
         * @param name the member's name
         * @return its value, or null if there is no such member
         */
        public @Nullable Slice get(String name) {
            if (all == null) {
                return made.get(name);
            }
            Member member = all.get(name);
            return member == null ? null : member.value();
        }

        /**
         * Returns the mark of a member.
         *
         * @param name the member's name
         * @return its mark, or null if there is no such member or it has none
         */
        public @Nullable String mark(String name) {
            if (all == null) {
                return made.mark(name);
            }
            Member member = all.get(name);
            return member == null ? null : member.mark;
        }

        /**
         * Sets a member, as {@link JsonMembers#with(String, byte[], String)} does.
         *
         * @param name the member's name
         * @param json its value, one JSON value; kept, not copied
         * @param mark information about the value that must not be part of it, or null for none
         */
        public void set(String name, byte[] json, @Nullable String mark) {
            Map<String, Member> many = many();
            if (many == null) {
                made = made.with(name, json, mark);
                return;
            }
            Member present = many.get(name);
            if (present == null || !present.holds(json, mark)) {
                many.put(name, Member.of(name, json, mark));
                stale = true;
            }
        }

        /**
         * Removes a member if it is present.
         *
         * @param name the member's name
         */
        public void remove(String name) {
            Map<String, Member> many = many();
            if (many == null) {
                made = made.without(name);
            } else if (many.remove(name) != null) {
                stale = true;
            }
        }

        /**
         * Replaces all members.
         *
         * @param members the new members
         */
        public void replaceBy(JsonMembers members) {
            made = members;
            all = null;
            stale = false;
            changes = 0;
        }

        private @Nullable Map<String, Member> many() {
            if (all == null && made.members.length > FEW && ++changes > FEW) {
                all = new LinkedHashMap<>(made.members.length * 2);
                for (Member member : made.members) {
                    all.put(member.name, member);
                }
            }
            return all;
        }

        /**
         * Returns whether there are more names than a number.
         *
         * @param count the number
         * @return false if there are as many or fewer
         */
        public boolean hasMoreThan(int count) {
            return all == null ? made.hasMoreThan(count) : all.size() > count;
        }

        /**
         * Returns the present members.
         *
         * @return the members; the original instance if nothing has changed
         */
        public JsonMembers members() {
            if (all != null && stale) {
                made = all.isEmpty() ? EMPTY : new JsonMembers(all.values().toArray(NO_MEMBERS));
                stale = false;
            }
            return made;
        }

        /** Shows the number of members only; names and values stay out of logs. */
        @Override
        public String toString() {
            return members().toString();
        }
    }
}
