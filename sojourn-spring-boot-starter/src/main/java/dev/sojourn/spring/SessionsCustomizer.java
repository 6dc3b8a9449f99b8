package dev.sojourn.spring;

import dev.sojourn.Sessions;
import java.util.function.Consumer;

/**
 * A bean that configures the application's sessions after the properties. Use it for options without a property: a clock, an
 * executor, another transport. Several beans are called in Spring's order.
 */
@FunctionalInterface
public interface SessionsCustomizer extends Consumer<Sessions.Config> {
    /**
     * Sets options.
     *
     * @param config the configuration, with all properties applied
     */
    @Override
    void accept(Sessions.Config config);
}
