package dev.sojourn.spring.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** An application that stores notes in the session. Start it with SOJOURN_SECRET in the environment, and sign in as alice or bob
 * with the password "wonderland". */
@SpringBootApplication
public class SampleApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(SampleApplication.class, arguments);
    }
}
