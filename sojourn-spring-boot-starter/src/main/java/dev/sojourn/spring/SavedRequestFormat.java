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
 * The format of saved requests, which are repeated after a login. It stores no credentials: no cookie, no {@code Authorization}
 * header, and no header that can contain a session token. The browser sends them again with the repeated request.
 */
final class SavedRequestFormat implements ValueFormat {
    private static final Set<String> CREDENTIALS = Set.of("cookie", "cookie2", "authorization", "proxy-authorization");

    private final ValueFormat values;
    private final Supplier<Set<String>> tokenHeaders;

    /**
     * Creates the format.
     *
     * @param values the format of Spring Security's values
     * @param tokenHeaders the request headers that can contain session tokens; called for each write
     */
    SavedRequestFormat(ValueFormat values, Supplier<Set<String>> tokenHeaders) {
        this.values = values;
        this.tokenHeaders = tokenHeaders;
    }

    @Override
    public String tag() {
        return "saved-request";
    }

    @Override
    public boolean supports(Object value) {
        return value instanceof SavedRequest;
    }

    @Override
    public JsonNode write(String name, Object value, AttributeFormat all) {
        if (value.getClass() != DefaultSavedRequest.class && value.getClass() != SimpleSavedRequest.class) {
            throw new UnstorableValueException(
                    name,
                    value,
                    "its cookies and headers cannot be removed, because its class is unknown; save a DefaultSavedRequest"
                            + " or a SimpleSavedRequest");
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
