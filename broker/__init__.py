"""The hall's hub: the language, the queue, the journal, the coordinator that alone decides."""
