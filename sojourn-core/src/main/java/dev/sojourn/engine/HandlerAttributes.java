package dev.sojourn.engine;

import dev.sojourn.SessionTooLargeException;
import dev.sojourn.spi.LogText;
import dev.sojourn.spi.TypedAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The attributes of a request's session for an adapter whose values have types. */
final class HandlerAttributes implements TypedAttributes {
    private final ScopeSettings settings;
    private final EditedSession live;

    HandlerAttributes(ScopeSettings settings, EditedSession live) {
        this.settings = settings;
        this.live = live;
    }

    @Override
    public @Nullable TypedValue get(String name) {
        Objects.requireNonNull(name, "name");
        return live.attributes().readStored(name);
    }

    @Override
    public void set(String name, byte[] json, @Nullable String format) {
        Objects.requireNonNull(name, "name");
        settings.recordFormat.checkAttribute(name);
        if (format != null && !keepsTypes()) {
            throw new IllegalArgumentException(
                    "attribute " + LogText.quote(name) + " has a type that its JSON alone does not show, and this"
                            + " record format cannot keep types where other writers of attributes cannot reach them: set texts,"
                            + " booleans, numbers, lists and maps of these, or keep sessions in Sojourn's own record format");
        }
        Attributes attributes = live.attributesToChange();
        try {
            attributes.set(name, json, format == null ? null : TypedValue.requireFormat(format));
        } catch (SessionTooLargeException e) {
            throw live.forClient(e);
        }
    }

    @Override
    public boolean keepsTypes() {
        return settings.recordFormat.keepsTypes();
    }

    /** Shows nothing of the contents. */
    @Override
    public String toString() {
        return "TypedAttributes";
    }
}
