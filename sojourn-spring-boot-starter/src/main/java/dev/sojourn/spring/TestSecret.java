package dev.sojourn.spring;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import org.springframework.core.env.Environment;

/** A test that sets no secret has one all the same: a random one for each application context. */
final class TestSecret {
    /** Set by Spring Boot for every context that {@code @SpringBootTest} or a slice starts, and by nothing else. */
    private static final String IN_A_TEST = "org.springframework.boot.test.context.SpringBootTestContextBootstrapper";

    private static final int BYTES = 32;

    private TestSecret() {}

    static Optional<String> in(Environment environment) {
        if (!environment.getProperty(IN_A_TEST, Boolean.class, false)) {
            return Optional.empty();
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        return Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }
}
