package dev.sojourn.spring;

import dev.sojourn.Sessions;
import java.util.function.Consumer;

/**
 * A bean of this type has the last word on the application's sessions, after the properties: a clock, an executor, another
 * transport, whatever has no property. Several are asked in Spring's order.
 */
@FunctionalInterface
public interface SessionsCustomizer extends Consumer<Sessions.Config> {
    /**
     * Sets options.
     *
     * @param config what the properties made of it, to be changed
     */
    @Override
    void accept(Sessions.Config config);
}
