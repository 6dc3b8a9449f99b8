package dev.sojourn.spring;

import dev.sojourn.servlet.AttributeFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.security.web.savedrequest.DefaultSavedRequest;
import org.springframework.security.web.savedrequest.SavedRequest;
import org.springframework.security.web.savedrequest.SimpleSavedRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Requests that wait until their user has signed in, without what opens something: no cookie, no {@code Authorization}, no
 * header in which a token of a session may come. The request that the browser repeats brings its own.
 */
final class SavedRequests implements AttributeKind {
    private static final Set<String> CREDENTIALS = Set.of("cookie", "cookie2", "authorization", "proxy-authorization");

    private final AttributeKind values;
    private final Supplier<Set<String>> tokenHeaders;

    /**
     * Saved requests.
     *
     * @param values writes and reads what Spring Security keeps
     * @param tokenHeaders the request headers in which tokens of sessions come; asked when something is written
     */
    SavedRequests(AttributeKind values, Supplier<Set<String>> tokenHeaders) {
        this.values = values;
        this.tokenHeaders = tokenHeaders;
    }

    @Override
    public String tag() {
        return "saved-request";
    }

    @Override
    public boolean takes(Object value) {
        return value instanceof SavedRequest;
    }

    @Override
    public JsonNode write(String name, Object value, AttributeFormat all) {
        if (value.getClass() != DefaultSavedRequest.class && value.getClass() != SimpleSavedRequest.class) {
            throw new UnstorableValueException(
                    name,
                    value,
                    "what it holds of the request's cookies and headers is not known; save a DefaultSavedRequest or"
                            + " a SimpleSavedRequest");
        }
        ObjectNode stored = (ObjectNode) values.write(name, value, all);
        withoutCredentials((ObjectNode) stored.get("headers"));
        return stored;
    }

    private void withoutCredentials(ObjectNode headers) {
        Set<String> secret = Stream.concat(CREDENTIALS.stream(), tokenHeaders.get().stream())
                .map(each -> each.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        List<String> names = List.copyOf(headers.propertyNames());
        names.stream()
                .filter(each -> secret.contains(each.toLowerCase(Locale.ROOT)))
                .forEach(headers::remove);
    }

    @Override
    public Object read(JsonNode stored, AttributeFormat all) {
        return values.read(stored, all);
    }
}
