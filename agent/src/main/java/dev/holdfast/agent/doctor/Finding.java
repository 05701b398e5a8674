package dev.holdfast.agent.doctor;

/**
 * One thing that is wrong.
 *
 * @param complaint what kind of thing
 * @param subject the instance, interface, file or program that it is about
 * @param text what is wrong, as a sentence
 * @param remedy the command that mends it
 */
public record Finding(Complaint complaint, String subject, String text, String remedy) {}
