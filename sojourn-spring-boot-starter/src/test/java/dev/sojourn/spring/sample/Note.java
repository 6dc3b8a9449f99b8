package dev.sojourn.spring.sample;

import java.time.LocalDate;

/** A note of a user. Listed in {@code sojourn.attributes.types}, because an {@code HttpSession} contains it. */
public record Note(String text, LocalDate day) {}
