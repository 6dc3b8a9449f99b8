package dev.sojourn.jwt;

import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads one JSON object as RFC 8259 defines it, in UTF-8: no name occurs twice at any level, nothing precedes or follows
 * the object, and values are at most 64 levels deep. Two readers of such a text never understand different things.
 */
final class StrictJson {
    private static final int DEEPEST = 64;

    /** UTF-8 only: in other encodings Jackson has no byte offsets, which {@code JsonMembers} needs. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build();

    private StrictJson() {}

    /**
     * Reads one object. Returns empty if the text is not exactly one JSON object, or if the function returns empty; no
     * Jackson exception leaves this method, so no message can quote the text.
     *
     * @param utf8 the text
     * @param members reads the members with a parser whose current token is {@code START_OBJECT}, and leaves it at the
     *     object's {@code END_OBJECT}; empty refuses the text. The parser has byte offsets that {@code
     *     JsonMembers.read} can rely on
     */
    static <T> Optional<T> object(byte[] utf8, Function<JsonParser, Optional<T>> members) {
        // Jackson would skip a byte order mark.
        if (utf8.length == 0 || utf8[0] != '{') {
            return Optional.empty();
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), utf8)) {
            parser.nextToken();
            Optional<T> read = members.apply(parser);
            boolean complete = read.isPresent()
                    && parser.currentToken() == JsonToken.END_OBJECT
                    && parser.streamReadContext().inRoot()
                    && parser.nextToken() == null;
            return complete ? read : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
