package dev.sojourn.spring;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.springframework.core.env.ConfigurableEnvironment;

/** Creates a random secret for each application context of a test that sets none. */
final class TestSecret {
    /** The property source that Spring's test framework adds to every context that Spring Boot's tests start. */
    private static final String TEST_SOURCE = "Inlined Test Properties";

    private static final int BYTES = 32;

    private TestSecret() {}

    static Optional<String> in(ConfigurableEnvironment environment) {
        if (!environment.getPropertySources().contains(TEST_SOURCE)) {
            return Optional.empty();
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }
}
