package dev.sojourn.spring.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Notes that are kept in the session. Start it with SOJOURN_SECRET in the environment, and sign in as alice or bob, "wonderland". */
@SpringBootApplication
public class SampleApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(SampleApplication.class, arguments);
    }
}
